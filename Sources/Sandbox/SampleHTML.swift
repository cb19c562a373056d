// SPDX-License-Identifier: Apache-2.0

/// The page around a notice: tables, inline style, preheader, footer, as mailing systems write it.
enum SampleHTML {
    static func page(_ bank: SampleBank.Bank, title: String, blocks: [String]) -> String {
        let cell = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:22px;"
        let name = escaped(bank.displayName)
        return """
            <!DOCTYPE html>
            <html lang="tr" xmlns="http://www.w3.org/1999/xhtml">
            <head>
            <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
            <meta name="viewport" content="width=device-width, initial-scale=1.0">
            <title>\(escaped(title))</title>
            <style type="text/css">
            body{margin:0;padding:0;background-color:#f2f2f2;-webkit-text-size-adjust:100%}
            table{border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt}
            img{border:0;display:block;outline:none;text-decoration:none}
            a{color:\(bank.colour);text-decoration:none}
            p{margin:0}
            @media only screen and (max-width:600px){.wrap{width:100%!important}\
            .pad{padding-left:16px!important;padding-right:16px!important}}
            </style>
            <!--[if mso]><xml><o:OfficeDocumentSettings><o:AllowPNG/>\
            <o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->
            </head>
            <body style="margin:0;padding:0;background-color:#f2f2f2;">
            <div style="display:none;font-size:1px;color:#f2f2f2;line-height:1px;max-height:0;\
            max-width:0;opacity:0;overflow:hidden;">Bilgilendirme&nbsp;&zwnj;&nbsp;&zwnj;</div>
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
            style="background-color:#f2f2f2;">
            <tr><td align="center" style="padding:24px 0;">
            <table role="presentation" class="wrap" align="center" width="600" cellpadding="0" cellspacing="0" \
            border="0" style="width:600px;background-color:#ffffff;">
            <tr><td style="background-color:\(bank.colour);padding:20px 32px;\(cell)color:#ffffff;\
            font-size:20px;font-weight:bold;">\(name)</td></tr>
            <tr><td style="padding:28px 32px 12px 32px;\(cell)color:#333333;">
            \(blocks.joined(separator: "\n"))
            </td></tr>
            <tr><td style="padding:12px 32px 28px 32px;\(cell)color:#333333;">
            <p style="margin:0;">Saygılarımızla,</p>
            </td></tr>
            <tr><td style="background-color:#fafafa;padding:16px 32px;\(cell)font-size:11px;\
            line-height:16px;color:#888888;border-top:1px solid #e6e6e6;">
            <p style="margin:0 0 8px 0;">Bu ileti bilgi vermek için gönderilmiştir; lütfen \
            yanıtlamayınız. İletinin size yanlışlıkla ulaştığını düşünüyorsanız siliniz.</p>
            <p style="margin:0 0 8px 0;">Güvenliğiniz için kart bilgilerinizi ve parolanızı \
            hiç kimseyle paylaşmayınız. Çalışanlarımız sizden parola istemez.</p>
            <p style="margin:0 0 8px 0;"><a href="https://www.example.com/yardim" \
            style="color:\(bank.colour);">Yardım</a> &nbsp;|&nbsp; \
            <a href="https://www.example.com/gizlilik" style="color:\(bank.colour);">Kişisel \
            verilerin korunması</a> &nbsp;|&nbsp; <a href="https://www.example.com/iletisim" \
            style="color:\(bank.colour);">Bize ulaşın</a></p>
            <p style="margin:0;">Bildirim tercihlerinizi internet şubesinden değiştirebilirsiniz. \
            Örnek amaçla üretilmiştir.</p>
            </td></tr>
            </table>
            </td></tr>
            </table>
            </body>
            </html>

            """
    }

    static func heading(_ text: String) -> String {
        "<h2 style=\"margin:0 0 12px 0;font-size:18px;line-height:24px;\">\(escaped(text))</h2>"
    }

    static func paragraph(_ text: String) -> String {
        "<p style=\"margin:0 0 12px 0;\">\(escaped(text))</p>"
    }

    /// Label and value side by side in one cell, a line each.
    static func lines(_ rows: [(label: String, value: String)]) -> String {
        let shown = rows.map { "<b>\(escaped($0.label))</b> \(escaped($0.value))<br>" }
        return "<p style=\"margin:0 0 12px 0;\">\n\(shown.joined(separator: "\n"))\n</p>"
    }

    /// Three cells a row: label, colon, value; the total in two.
    static func table(
        _ rows: [(label: String, value: String)], total: (label: String, value: String)
    ) -> String {
        let style = "style=\"padding:4px 8px;border-bottom:1px solid #eeeeee;\""
        let shown = rows.map {
            "<tr><td \(style)>\(escaped($0.label))</td><td \(style)>:</td>"
                + "<td \(style)>\(escaped($0.value))</td></tr>"
        }
        return "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n"
            + shown.joined(separator: "\n")
            + "\n<tr><td \(style)><b>\(escaped(total.label))</b></td>"
            + "<td \(style)><b>\(escaped(total.value))</b></td></tr>\n</table>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }
}
