// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Mail

@Suite struct HiddenTextTests {
    private func read(_ html: String) throws -> (text: String?, notes: Set<Message.Note>) {
        let head = "From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n"
        let message = try MessageParser.parse(Array((head + html).utf8))
        return (message.bodies.first?.text, message.notes)
    }

    /// `x` is what nobody sees; all the rest is seen.
    private func expect(
        _ html: String, reads expected: String, _ place: SourceLocation = #_sourceLocation
    ) throws {
        let (text, notes) = try read(html)
        #expect(text == expected, sourceLocation: place)
        #expect(notes == (html.contains(">x") ? [.hiddenText] : []), sourceLocation: place)
    }

    @Test(
        "what stands off the page, is cut away or a speck is dropped",
        arguments: [
            ("<p style='position:absolute;left:-9999px'>x</p>y", "y"),
            ("<p style='top: -999px; POSITION: Fixed'>x<b>x</b></p>y", "y"),
            ("<p style='position:relative;left:-100em'>x</p>y", "y"),
            ("<p style='text-indent:-9999px'>x <b>x</b></p>y", "y"),
            ("<div style='text-indent:-999px'><p>x</p></div>y", "y"),
            ("<a style='display:inline-block;text-indent:-1000pt'>x</a>y", "y"),
            ("<p style='position:absolute;clip:rect(0 0 0 0)'>x</p>y", "y"),
            ("<p style='position:absolute;clip:rect(1px, 1px, 1px, 1px)'>x</p>y", "y"),
            ("<p style='clip-path:inset(50%)'>x</p>y", "y"),
            ("<p style='transform:scale(0)'>x</p>y", "y"),
            ("<p style='transform: translate(1px, 2px) scaleY(0.0)'>x</p>y", "y"),
            ("<b style='display:block;-webkit-transform:scale(0,0)'>x</b>y", "y"),
            ("<p style='max-height:0;overflow:hidden'>x</p>y", "y"),
            ("<p style='height:0;overflow-y:hidden'>x</p>y", "y"),
            ("<b style='display:inline-block;width:0;overflow:hidden'>x</b>y", "y"),
            ("<b style='float:left;height:0;overflow:hidden'>x</b>y", "y"),
            ("<p style='max-height:0;overflow:hidden;padding:0 1px;min-height:1px'>x</p>y", "y"),
            ("<table><tr><td style='display:block;height:0;overflow:hidden'>x</table>y", "y"),
            ("<style media='print, Only SCREEN'>.h{display:none}</style><p class=h>x</p>y", "y"),
            ("<p style='clip-path:circle(0)'>x</p>y", "y"),
            ("<p style='opacity:-1'>x</p><p style='opacity:1e-9'>x</p>y", "y"),
            ("<p style='opacity:5%'>x</p><p style='opacity:.9e-1'>x</p>y", "y"),
            ("<style media=all>.h{display:none}</style><p class=h>x</p>y", "y"),
            ("<p style='font-size:1px;line-height:1px'>x<b style='font-size:1em'>x</b></p>y", "y"),
            ("<p style='font-size:0.05em'>x</p><p style='font-size:2%'>x</p>y", "y"),
            ("<p style='font:1px/1 Arial'>x</p>y", "y"),
            ("<style>.h{position:absolute;left:-9999px}</style><p class=h>x</p>y", "y"),
        ])
    func offThePage(html: String, expected: String) throws {
        try expect(html, reads: expected)
    }

    @Test(
        "what stands on the page is kept",
        arguments: [
            // Not placed, or placed where the page can be moved to.
            "<p style='left:-9999px'>y</p>", "<p style='position:absolute;left:9999px'>y</p>",
            "<p style='position:absolute;left:-99px'>y</p>",
            "<p style='position:absolute;left:-9999px;left:0'>y</p>",
            "<p style='position:static;left:-9999px'>y</p>",
            "<p style='clip:rect(0 0 0 0)'>y</p>",
            "<p style='position:absolute;clip:rect(0,100px,20px,0)'>y</p>",
            "<p style='position:absolute;clip:auto'>y</p>",
            "<p style='clip-path:inset(10%)'>y</p>",
            // A stretch of a line has no indent of its own, and is not scaled.
            "<b style='text-indent:-9999px'>y</b>", "<b style='transform:scale(0)'>y</b>",
            "<p style='text-indent:-20px'>y</p>", "<p style='text-indent:9999px'>y</p>",
            "<div style='text-indent:-9999px'><p style='text-indent:0'>y</p></div>",
            "<p style='transform:scale(0.5)'>y</p>", "<p style='transform:none'>y</p>",
            "<p style='transform:rotate(0)'>y</p>",
            "<p style='font-size:1.5px'>y</p>", "<p style='font-size:1em'>y</p>",
            "<p style='font-size:1rem'>y</p>", "<p style='font-size:-1px'>y</p>",
            "<p style='font-size:1px'><b style='font-size:12em'>y</b></p>",
            "<p style='font-size:1px'><b style='font-size:12px'>y</b></p>",
            "<p style='max-height:0'>y</p>", "<p style='opacity:10%'>y</p>",
            "<p style='opacity:1e-1'>y</p>", "<p style='opacity:10e-2'>y</p>",
            // A stretch of a line and a table have no size of their own.
            "<span style='height:0;overflow:hidden'>y</span>",
            "<table style='height:0;overflow:hidden'><tr><td>y</table>",
            "<td style='max-width:0;width:100%;overflow:hidden'>y</td>",
            "<table><tr><td style='height:0;overflow:hidden'>y</table>",
            "<table><tbody style='height:0;overflow:hidden'><tr><td>y</table>",
            // Some size after all, or a rim that shows what overflows.
            "<p style='width:0;min-width:100%;overflow:hidden'>y</p>",
            "<p style='min-height:20px;height:0;overflow:hidden'>y</p>",
            "<p style='height:0;padding-bottom:2em;padding-top:0;overflow:hidden'>y</p>",
            "<style media=print>.h{display:none}</style><p class=h>y</p>",
            "<style media='only screen and (max-width:480px)'>.h{display:none}</style>"
                + "<p class=h>y</p>",
            "<style>.h{left:-9999px}@media print{.h{position:absolute}}</style><p class=h>y</p>",
        ])
    func onThePage(html: String) throws {
        try expect(html, reads: "y")
    }

    @Test func `an indent moves the first line of a box only`() throws {
        let style = "style='text-indent:-9999px'"
        try expect("<p \(style)>x<br>y</p>z", reads: "y\nz")
        try expect("<p \(style)>x<b>x<br>y</b>y</p>", reads: "yy")
        try expect("<div \(style)>x<p style='text-indent:0'>y</p>z</div>", reads: "y\nz")
    }

    @Test(
        "letters in the colour of their ground are dropped",
        arguments: [
            "<p style='color:#fff'>x</p>y", "<p style='COLOR : White !important'>x</p>y",
            "<p style='color:#fffffe'>x</p>y", "<p style='color:rgb(250, 250,250)'>x</p>y",
            "<p style='color:rgba(0,0,0,.01)'>x</p>y", "<p style='color:transparent'>x</p>y",
            "<font color=white>x</font>y", "<font color=ffffff>x</font>y",
            "<p style='color:#fff'>x <b>x</b><i style='font-size:3px'>x</i></p>y",
            "<table bgcolor='#003366'><tr><td style='color:#036'>x</td></tr></table>y",
            "<div style='background:#036'><p style='color:#003366'>x</p></div>y",
            "<div style='background-color:rgb(0,51,102)'><font color='#003366'>x</font></div>y",
            "<div style='background:#fff none repeat-x'><p style='color:#fff'>x</p></div>y",
            "<div style='background:url(a.png);background:#fff'><p style='color:#fff'>x</p></div>y",
            "<div style='background:#000'><p style='background:transparent;color:#000'>x</p></div>y",
            "<div style='background:#000'><p style='background:rgba(255,255,255,1);color:#fff'>x</p>"
                + "</div>y",
            "<p style='color:#000;background:#000;color:#010101'>x</p>y",
            "<style>.h{color:#fff}</style><p class=h>x</p>y",
            "<style>body{background:#eee;color:#333}td{color:#eee}</style><body>"
                + "<table><tr><td>x</td></tr></table>y",
            "<style>p{color:#000}.h{color:#fff}</style><p class=h>x</p>y",
            "<style>.h{color:#fff}.a .h{color:#000}div>p{background:#036}</style><p class=h>x</p>y",
            "<style>body td.h{color:#eee;background:#eee}</style><body><table><tr><td class=h>x</table>y",
            // A rule in doubt gives way to the element's own style.
            "<style>div p{color:#000}</style><p style='color:#fff'>x</p>y",
            "<style>@media print{.q{color:#000}}</style><p style='color:#fff'>x</p>y",
            "<style media=screen>.h{color:#fff}</style><p class=h>x</p>y",
        ])
    func unseenByColour(html: String) throws {
        try expect(html, reads: "y")
    }

    @Test(
        "letters that may be seen are kept, whatever their colour",
        arguments: [
            "<a style='background:#036;color:#fff'>y</a>", "<p style='color:#f0f0f0'>y</p>",
            "<table bgcolor=#003366><tr><td style='color:#fff'>y</td></tr></table>",
            "<table background=a.png><tr><td style='color:#fff'>y</td></tr></table>",
            "<table style='background:url(a.png) #fff'><tr><td style='color:#fff'>y",
            "<div style='background-image:linear-gradient(red,blue)'><p style='color:#fff'>y",
            "<div style='background:var(--x)'><p style='color:#fff'>y</p></div>",
            "<div style='background:chocolate'><p style='color:#fff'>y</p></div>",
            "<div style='background:rgba(0,0,0,.5)'><p style='color:#fff'>y</p></div>",
            "<p style='color:hsl(0,0%,100%)'>y</p>", "<p style='color:inherit'>y</p>",
            "<p style='color:#fff;color:#000'>y</p>",
            "<p style='color:#000!important;color:#fff'>y</p>",
            "<p style='color:#fff'><b style='color:#333'>y</b></p>",
            // A link has a colour of its own, and so have buttons.
            "<p style='color:#fff'><a href='https://b.example'>y</a></p>",
            "<p style='color:#fff'><button>y</button></p>", "<p style='color:#fff'><mark>y</mark>",
            // Letters that are painted otherwise.
            "<p style='color:#fff;text-shadow:0 0 2px #000'>y</p>",
            "<p style='color:transparent;-webkit-text-fill-color:red'>y</p>",
            "<p style='color:#f00;background:#f00;box-shadow:inset 0 0 0 99px #fff'>y</p>",
            "<p style='background:#f00;-webkit-background-clip:text;color:transparent'>y</p>",
            // Layers.
            "<p style='position:absolute;background:#036'>&nbsp;</p><p style='color:#fff'>y</p>",
            "<p style='color:#fff'>y</p><p style='margin-top:-20px;background:#036'>&nbsp;</p>",
            "<table><col bgcolor=blue><tr><td style='color:#fff'>y</td></tr></table>",
            "<table bgcolor=white><font color=white>y</font><tr></tr></table>",
            "<div style='background:#036'><div style='background:#fff;height:0'>"
                + "<p style='color:#fff'>y</p></div></div>",
            // `bgcolor` means nothing here.
            "<div style='background:#036'><p bgcolor=white style='color:#fff'>y</p></div>",
        ])
    func seen(html: String) throws {
        try expect(html, reads: "y")
    }

    @Test(
        "a sheet that is not understood leaves colours open",
        arguments: [
            "body .h{color:#000}", "#i{background:#036}", ".h:not(.q){background:#036}",
            "@media (max-width:600px){.h{background:#036}}", "[class~=h]{background:#036}",
            "p[class]{color:#000}", "*{background:#036}", "body > p{background:#036}",
            ".h::before{background:#036}", ":is(.h,.q){color:#000}", ".h.h{color:#000}",
            "@import 'a.css';", "@media screen{p{color:#000!important}}",
            ".\\68{color:#000}", ".q{.h{color:#000}}", "u + .h{color:#000 !important}",
            ".h{background:url(a.png)}", ".h{background:var(--ground)}",
        ])
    func openSheet(sheet: String) throws {
        let page = "<p id=i class=h>y</p>"
        try expect("<style>.h{color:#fff}\(sheet)</style>\(page)", reads: "y")
        // The same sheet behind the text.
        try expect("<style>.h{color:#fff}</style>\(page)<style>\(sheet)</style>", reads: "y")
        try expect("<style>.h{color:#fff}</style><p class=h>x</p>y", reads: "y")
    }

    @Test func `a sheet elsewhere leaves colours open`() throws {
        let link = "<link rel=stylesheet href='a.css'>"
        try expect("\(link)<p class=h style='color:#fff'>y</p>", reads: "y")
        try expect("<p class=h style='color:#fff'>y</p>\(link)", reads: "y")
        try expect("\(link)<p style='color:#fff;background:#fff'>x</p>y", reads: "y")
    }

    @Test func `a style without end is read in time`() throws {
        let deep = (0..<400).map { "<div style='color:#\(100 + $0);background:#fff'>" }.joined()
        try expect(deep + "y", reads: "y")
        let rules = (0..<3000).map { ".c\($0){color:#fff}" }.joined()
        let sheets = String(repeating: "<style>.a{color:#fff}</style>", count: 5000)
        let (text, notes) = try read(
            "<style>\(rules)</style>\(sheets)"
                + String(repeating: "<p class='c1 c2 c3'>x</p>", count: 4000) + "y")
        #expect(text == "y")
        #expect(notes == [.hiddenText])
        let long = String(repeating: "a:b;", count: 2000) + "color:#000"
        try expect("<p style='color:#fff;\(long)'>y</p>", reads: "y")
    }
}
