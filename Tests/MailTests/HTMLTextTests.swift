// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Mail

@Suite struct HTMLTextTests {
    static let receipt = """
        From: a@b.example
        Content-Type: text/html; charset=utf-8

        <html><head><title>T</title><meta charset="windows-1254"><style>td{}</style></head><body>
        <div style="display:none">Gizli &#351;</div><script>var x = "<p>no</p>"</script>
        <h1>Para&nbsp;Giri&#351;i</h1>
        <table>
          <tr><td>Tutar</td><td> : </td><td>1.250,00&nbsp;TL</td></tr>
          <tr><td><div>Gönderen</div></td><td></td><td>&nbsp;</td><td><p>ELİF <b>KARACA</b></p></td></tr>
        </table>
        <p>Sat&inodot;r bir<br>sat&#x131;r iki<br/>son</p><img alt="izleme">
        </body></html>
        """

    private func text(_ html: String) throws -> (text: String?, notes: Set<Message.Note>) {
        let head = "From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n"
        let message = try MessageParser.parse(Array((head + html).utf8))
        return (message.bodies.first?.text, message.notes)
    }

    @Test func `a receipt reads as a person sees it`() throws {
        let message = try MessageParser.parse(Array(Self.receipt.utf8))
        #expect(
            message.bodies.first?.text == """
                Para Girişi
                Tutar\t:\t1.250,00 TL
                Gönderen\t\t\tELİF KARACA
                Satır bir
                satır iki
                son
                """)
        #expect(message.notes == [.hiddenText])
    }

    @Test(
        "what a reader does not see is dropped",
        arguments: [
            ("<p style='DISPLAY : none !important'>x</p>y", "y"),
            ("<p>a<b style='opacity:0'>9<i style='opacity:1'>x</i></b></p>b", "a\nb"),
            ("<p style='opacity:0.0'>x</p><p style='opacity:.5'>b</p>", "b"),
            ("<p style='visibility:hidden'>x<b style='visibility:visible'>z</b></p>y", "z\ny"),
            ("<p hidden>x</p>y", "y"),
            ("<p style='font-size:0'>x</p>y", "y"),
            ("<p style='font-size:0px;color:red'>x<i style='font-size:1em'>x</i></p>y", "y"),
            ("<td style='font-size:0px'><div style='font-size:13px'>seen</div></td>", "seen"),
            ("<p style='font-size:0.9em'>seen</p>", "seen"),
            ("<p style='opacity:0'>x<b style='opacity:1'>x</b></p>y", "y"),
            ("<p style='opacity:.04'>x</p><p style='opacity:0.5'>y</p>", "y"),
            ("<p style='max-height:0px; overflow:hidden'>x</p>y", "y"),
            ("<p style='overflow : hidden;height:0'>x</p><p style='height:0'>y</p>", "y"),
            ("<p style='width:0;overflow:hidden'>x</p><p style='overflow:hidden'>y</p>", "y"),
            ("<p style='mso-hide:all'>x</p>y", "y"),
            ("<p style='font:0/0 a'>x</p><p style='font: bold 12px/0 a'>y</p>", "y"),
            ("<p style='font:700 0px Arial'>x</p><p style='font:700 1em Arial'>y</p>", "y"),
            ("<p style='display:/**/none'>x</p><p style='/*display:none*/'>y</p>", "y"),
            ("<p style='display:none;display:block'>y</p>", "y"),
            ("<p style='display:none!important;display:block'>x</p>y", "y"),
            ("<p style='visibility:hidden;visibility:visible'>y</p>", "y"),
            ("<p style='font-size:0;font-size:12px'>y</p>", "y"),
            ("<p hidden style='display:block'>y</p>", "y"),
            ("<div style='display:none'><p style='display:block'>x</p></div>y", "y"),
            ("<template>x</template><noscript>y</noscript>", "y"),
            ("<textarea>y</textarea>", "y"),
            // What is no part of a head stands in the body, whoever forgot to say so.
            ("<style>q{}</style><section>y</section>", "y"),
            ("<html><head><title>x</title><label>y</label>", "y"),
            ("<style>q{}</style><td>y</td>", "y"), ("<style>q{}</style><o:p>y</o:p>", "y"),
            ("<!-- x -->y<![if mso]>z<![endif]>", "yz"),
            ("<!--[if mso]>x<![endif]-->y<!--[if !mso]><!-->z<!--<![endif]-->", "yz"),
        ])
    func hidden(html: String, expected: String) throws {
        #expect(try text(html).text == expected)
    }

    @Test(
        "what a rule of the page hides is dropped",
        arguments: [
            (".x{display:none}", "y"), ("a{b:c} p.X , .z { Display : None !important }", "y"),
            ("@import url(a.css); <!-- .x{opacity:0} -->", "y"),
            ("/* .y{ */ .x/**/{color:red;max-height:0;/*}*/overflow:hidden}", "y"),
            (".x{display:none}.x{display:block}", "x\ny"),
            (".x{display:none!important}.x{display:block}", "y"),
            ("div.x{display:none} .x b{display:none} .x:hover{display:none}", "x\ny"),
            ("@media print{.x{display:none}} .q{display:none}", "x\ny"),
            // Who has a narrow window sees it.
            (".x{display:none}@media (max-width:600px){.a{b:c}.x{display:block}}", "x\ny"),
            (".x{display:none}@media (max-width:600px){p{display:block}}", "y"),
            // A longer selector shows what it names, and nothing else.
            (".x{display:none}.b .x{display:block}", "y"),
            (".x.a{display:block}.x{display:none!important}", "y"),
            (".x.a{display:block}.x{display:none}", "x\ny"),
            ("p.x{height:0;overflow:hidden}.a.x{height:auto}", "x\ny"),
            ("p{display:none}.y,.b p{display:block}", "y"),
            (".x{display:none}.b p,.b .y{display:block}", "y"),
            (".x{display:none}p.y,body .x{display:block}", "x\ny"),
            // On every screen.
            ("@media screen{.x{display:none}}", "y"), ("@MEDIA all , print{.x{display:none}}", "y"),
            ("@media screen{@media print{.x{display:none}}}", "x\ny"),
            ("@media print{@media screen{.x{display:none}}}", "x\ny"),
            ("@media screen and (max-width:9px){.x{display:none}}", "x\ny"),
            ("@media screen{@media print{p{b:c}}.x{display:none}}", "y"),
            ("#i{display:none}.x{display:block}", "y"), ("p#i{display:none}", "y"),
            ("b#i{display:none}", "x\ny"), ("#i .x,#j,#i.q{display:none}", "x\ny"),
            ("#i{display:none}@media print{#i{display:block}}", "x\ny"),
            (".x{display:none", "y"), (".x{font:0/0 a}", "y"), ("{}}}.x{display:none}", "y"),
            (".y{visibility:hidden}.x{visibility:hidden}", nil),
        ])
    func hiddenByRule(sheet: String, expected: String?) throws {
        let page = "<style>\(sheet)</style><p class='a x' id=i>x</p><p class='y' style=''>y</p>"
        #expect(try text(page).text == expected)
        let inHead = "<html><head>\(page.replacing("<p class='a", with: "</head><p class='a"))"
        #expect(try text(inHead).text == expected)
    }

    @Test(
        "selectors name elements by what they are and what they stand in",
        arguments: [
            // What is hidden: `a` in a row, `b` directly in a box.
            (".r .k{display:none}", "b"), (".o .k{display:none}", "b"),
            ("table td.k{display:none}", "b"), ("td > .k{display:none}", "a\nb"),
            ("tr>td.k , q{display:none}", "b"), (".r.o .k{display:none}", "a\nb"),
            (".o > .r .k{display:none}", "a\nb"), (".o > .k{display:none}", "a\nb"),
            (".o>p{display:none}", "a"), (".r > p{display:none}", "a\nb"),
            ("#t td{display:none}", "b"), ("#t #t td{display:none}", "a\nb"),
            ("* .k{display:none}", "b"), (".o *{display:none}", nil),
            ("*{display:none}", nil), ("td.k.m{display:none}", "b"),
            ("td.m.k{display:none}", "b"), ("td.k.n{display:none}", "a\nb"),
            ("p.k{display:none}", "a\nb"), ("DIV .K{DISPLAY:NONE}", "b"),
            ("div div .k,div>p.l{display:none}", nil), (".o .o .k{display:none}", "a\nb"),
            // The nearest that fits need not be the one.
            (".o > div .r .k{display:none}", "b"), ("div > div > div .k{display:none}", "a\nb"),
            // Of two the one that says more, then the later one.
            (".o .k{display:none}.k{display:block}", "b"),
            (".k{display:block}.o .m{display:none}", "b"),
            (".o td.k{display:block}.o .k{display:none}", "a\nb"),
            ("#t .k{display:none}.o .r td.k.m{display:block}", "b"),
            ("td td td{display:block}.k{display:none}", "b"),
            (".o .k{display:none}@media print{.k{display:block}}", "a\nb"),
        ])
    func selectors(sheet: String, expected: String?) throws {
        let page =
            "<div class=o><div><table class=r id=t><tr><td class='k m'>a</td></tr></table></div>"
            + "<p class=l>b</p></div>"
        #expect(try text("<style>\(sheet)</style>\(page)").text == expected)
    }

    @Test(
        "a rule that is not understood and may hide is noted, and the text read",
        arguments: [
            (".x:hover{display:none}", true), ("p[class]{display:none}", true),
            ("[class]{opacity:0}", true), ("q + .x{font-size:0}", true),
            (":is(.x){visibility:hidden}", true), (".b:hover p{display:none}", true),
            ("div[class]{display:none}", false), (".q:hover{display:none}", false),
            (".x:hover{color:red}", false), ("@media print{.x:hover{display:none}}", false),
            (".x + .q{display:none}", false), (".x:hover .q{display:none}", false),
        ])
    func perhapsHidden(sheet: String, isNoted: Bool) throws {
        let read = try text("<style>\(sheet)</style><p class=x><b>x</b></p>")
        #expect(read.text == "x")
        #expect(read.notes == (isNoted ? [.perhapsHiddenText] : []))
        #expect(try text("<style>\(sheet)</style><i>x</i>").text == "x")
    }

    @Test func `selectors that cost too much hide nothing, and that is noted`() throws {
        let rules = (0..<300).map { "a \(Self.long) .c\($0) .x{display:none}" }.joined()
        let page =
            String(repeating: "<a><b>", count: 200)
            + String(repeating: "<p class=x>x</p>", count: 900)
        let read = try text("<style>\(rules)</style>\(page)y")
        #expect(read.text?.hasSuffix("x\ny") == true)
        #expect(read.notes.contains(.perhapsHiddenText))
    }

    private static let long = "a b a b"

    @Test(
        "letters that are turned round are noted",
        arguments: [
            ("<p>5 <bdo dir=rtl>0521</bdo></p>", true),
            ("<p style='unicode-bidi: bidi-override;direction:rtl'>0521</p>", true),
            ("<style>.t{unicode-bidi:isolate-override}</style><p class=t>0521</p>", true),
            ("<p dir=rtl style='unicode-bidi:embed'>0521</p>", false), ("<bdi>0521</bdi>", false),
        ])
    func turned(html: String, isNoted: Bool) throws {
        let read = try text(html)
        #expect(read.text?.hasSuffix("0521") == true)
        #expect(read.notes == (isNoted ? [.bidirectionalControls] : []))
    }

    @Test func `an own style wins over a rule, and two rules by their order`() throws {
        let sheet = "<style>.x{display:none}.y{display:block}.z{display:none}</style>"
        #expect(try text(sheet + "<p class=x style='display:block'>a</p>").text == "a")
        #expect(try text(sheet + "<p class='y x'>a</p><p class='y z'>x</p>").text == "a")
    }

    @Test func `a style sheet of any length and depth is read in time`() throws {
        let rules =
            (0..<2000).map { "p.c\($0 % 7){display:none}" }.joined()
            + String(repeating: "@media{", count: 9000)
        let page = String(repeating: "<p class='c1 c2 c3 c4 c5 c6'>x</p>", count: 4000)
        let read = try text("<style>\(rules)</style>" + page + "<p>y</p>")
        #expect(read.text == "y")
    }

    @Test(
        "rows, blocks and cells",
        arguments: [
            ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "a\tb\nc"),
            ("<table><tr><td>a<br></td><td><br>b</td></tr></table>", "a\tb"),
            ("<table><tr><th>a</th><td><table><tr><td>b</td><td>c</td></tr></table>", "a\nb\tc"),
            ("a<span>b</span> c<div>d</div>e", "ab c\nd\ne"),
            ("<ul><li>a<li>b</ul>", "a\nb"),
            ("5</br>00 a</BR >b</br/>c</b>d</brx>e", "5\n00 a\nb\ncde"),
            // A style makes boxes with lines of their own.
            ("5<b style='display:block'>00</b>1", "5\n00\n1"),
            ("<style>.x{float:left}</style><b class=x>5</b><i class=x>00</i>", "5\n00"),
            ("<a style='display:table-cell'>5</a><a style='display:table-cell'>0</a>", "5\n0"),
            ("5<b style='display:inline-block'>00</b><i style='display:inline'>1</i>", "5001"),
            ("<td>a<b style='display:block'>b</b></td><td><b style='display:block'>c", "a\nb\tc"),
            ("<pre>a  b\nc</pre>", "a b\nc"),
            ("1\u{AD}.2\u{200B}50&zwnj;,00", "1.250,00"),
            ("a\tb\nc", "a b c"),
            ("&lt;b&gt; &amp;amp; &euro;", "<b> &amp; €"),
            (
                "&dollar;1&period;250&comma;00 &gbreve;&Scedil;&MediumSpace;&scedil &bogus;",
                "$1.250,00 ğŞ &scedil &bogus;"
            ),
            // What is raised is no digit of the number beside it.
            ("50<sup>00</sup> TL", "50 00 TL"), ("1.250,<sup>00</sup> TL", "1.250,00 TL"),
            ("5<sub><b>2</b></sub>1 m<sup>2</sup>", "5 2 1 m2"),
        ])
    func layout(html: String, expected: String) throws {
        #expect(try text(html).text == expected)
    }

    @Test(
        "an empty cell keeps its place, a row without text none",
        arguments: [
            ("<tr><td>a<td><td>b", "a\t\tb"),
            ("<tr><td>a</td><td>&nbsp;</td><td><img src=x></td><td>b</td></tr>", "a\t\t\tb"),
            ("<tr><td></td><td>a</td></tr>", "\ta"),
            ("<tr><td>a</td><td> </td><td><p></p></td></tr>", "a\t\t"),
            ("<tr><td></td><td>&nbsp;</td></tr><tr><td>a</td></tr>", "a"),
            ("<tr><td>a<tr><td><td>b<tr><td>c", "a\n\tb\nc"),
            ("<tr><td>a</td><td>&zwnj;</td><td>b</td></tr>", "a\t\tb"),
            ("<tr><td>a</td><td><br></td><td><br>b<br></td><td></td></tr>", "a\t\tb\t"),
            ("<thead><tr><th>a<th><tbody><tr><td><td>b", "a\t\n\tb"),
            ("<tr><td>a</td><td/><td>b</td></tr>", "a\t\tb"),
            ("<tr><td>a</td><td>\u{1F}b\tc</td></tr>", "a\tb c"),
            ("<tr><td>a</td><td><pre>\n b\t\tc</pre></td><td></td><td>d", "a\tb\tc\t\td"),
        ])
    func emptyCells(rows: String, expected: String) throws {
        #expect(try text("<table>\(rows)</table>").text == expected)
    }

    @Test(
        "a cell that is not displayed takes no place, one that shows nothing does",
        arguments: [
            ("<tr><td>a</td><td style='display:none'>x</td><td>b</td></tr>", "a\tb"),
            ("<tr><td hidden>x</td><td>a</td><td>b</td></tr>", "a\tb"),
            ("<tr><td>a</td><td style='visibility:hidden'>x</td><td>b</td></tr>", "a\t\tb"),
            ("<tr><td>a</td><td style='font-size:0'>x</td><td>b</td></tr>", "a\t\tb"),
            ("<tr><td>a</td></tr><tr hidden><td>x</td><td>y</td></tr><tr><td>b</td></tr>", "a\nb"),
            (
                "<tr><td>a<table hidden><tr><td>x</td><td></td></tr></table></td><td>b</td></tr>",
                "a\tb"
            ),
        ])
    func hiddenCells(rows: String, expected: String) throws {
        #expect(try text("<table>\(rows)</table>").text == expected)
    }

    @Test(
        "a cell that spans columns is one cell, a table within a cell has lines of its own",
        arguments: [
            ("<tr><td colspan=3>Toplam</td><td>1.250,00</td></tr>", "Toplam\t1.250,00"),
            ("<tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr>", "a\tb\nc"),
            (
                "<tr><td></td><td><table><tr><td>a</td><td></td></tr></table></td><td></td></tr>",
                "a\t"
            ),
            (
                "<tr><td>a<td><td><table><tr><td>b<td>c</table><td><td>d<td>",
                "a\nb\tc\n\td\t"
            ),
            ("<tr><td><table><tr><td>a</table>b<td>c", "a\nb\tc"),
            ("<tr><td>a<td>b<br>c<td><td>d", "a\tb\nc\t\td"),
        ])
    func spans(rows: String, expected: String) throws {
        #expect(try text("<table>\(rows)</table>").text == expected)
    }

    @Test func `more empty cells than any table has are not read`() throws {
        let cells = String(repeating: "<td>", count: 500)
        #expect(try text("<table><tr><td>a\(cells)b").text?.count == 502)
        let (cut, notes) = try text("<table><tr><td>a\(cells)<td>b")
        #expect(cut == "a")
        #expect(notes == [.truncated])
        let many = try text("<table><tr>" + String(repeating: "<td>", count: 100_000) + "x")
        #expect(many.notes == [.truncated])
        let rows = String(
            repeating: "<tr>" + String(repeating: "<td>", count: 400) + "x", count: 300)
        let table = try text("<table>\(rows)")
        #expect((table.text?.utf8.count ?? 0) <= MailLimits.standard.textBytesMax)
    }

    @Test func `plain text has no empty cells`() throws {
        let message = try MessageParser.parse(Array("From: a@b.example\n\n\ta\t\t b\t\n\t\n".utf8))
        #expect(message.bodies.first?.text == "a\tb")
    }

    @Test func `a charset that a meta tag names is not obeyed`() throws {
        for meta in [
            "<meta charset=windows-1254>",
            "<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-1'>",
            "<?xml version='1.0' encoding='iso-8859-9'?>",
        ] {
            #expect(try text("\(meta)<p>ışğ İ</p>").text == "ışğ İ")
        }
    }

    @Test func `invisible and direction marks are noted`() throws {
        #expect(try text("a\u{202E}b").notes == [.bidirectionalControls])
        #expect(try text("a\u{200B}b").notes == [.invisibleCharacters])
    }

    @Test func `elements nested without end are cut, not followed`() throws {
        let (deep, notes) = try text(
            "<p>seen</p>" + String(repeating: "<div>", count: 20_000) + "x")
        #expect(deep == "seen")
        #expect(notes == [.truncated])
    }
}
