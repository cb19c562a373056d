// SPDX-License-Identifier: Apache-2.0

internal import Connectors
internal import Domain

/// What a mail to a guest says, before it is text or HTML.
struct Letter: Hashable, Sendable {
    let subject: String
    let greeting: String
    let opening: String
    /// Labels and values: what the guest copies into the bank's form.
    var rows: [(label: String, value: String)] = []
    /// What to mind, after the rows.
    var closing: [String] = []
    var link: (label: String, address: String)?

    static func == (one: Letter, other: Letter) -> Bool { one.text == other.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// The longest part of a name that is greeted; the rest would only be somebody's joke.
    private static let nameCharactersMax = 80

    /// A guest's own words, on one line: they must not look like a line of ours.
    static func oneLine(_ text: String) -> String {
        let plain = text.unicodeScalars.map { scalar -> Character in
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E,
                0x2066...0x2069:
                " "
            default: Character(scalar)
            }
        }
        let words = String(plain).split(separator: " ").joined(separator: " ")
        return String(words.prefix(nameCharactersMax))
    }

    // MARK: - Text

    var text: String {
        var paragraphs = [greeting, opening]
        if !rows.isEmpty {
            paragraphs.append(rows.map { "\($0.label): \($0.value)" }.joined(separator: "\n"))
        }
        paragraphs += closing
        if let link { paragraphs.append("\(link.label): \(link.address)") }
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    // MARK: - HTML

    /// A page without pictures, scripts or anything to be loaded.
    func html(in language: GuestLanguage) -> String {
        var lines = [
            "<!DOCTYPE html>",
            "<html lang=\"\(language.rawValue)\"><head><meta charset=\"utf-8\">"
                + "<title>\(Self.escaped(subject))</title></head>",
            "<body style=\"font-family:sans-serif;line-height:1.5;max-width:36em\">",
            "<p>\(Self.escaped(greeting))</p>", "<p>\(Self.escaped(opening))</p>",
        ]
        if !rows.isEmpty {
            lines.append("<table cellpadding=\"4\">")
            lines += rows.map { row in
                "<tr><td>\(Self.escaped(row.label))</td>"
                    + "<td><b>\(Self.escaped(row.value))</b></td></tr>"
            }
            lines.append("</table>")
        }
        lines += closing.map { "<p>\(Self.escaped($0))</p>" }
        if let link {
            lines.append(
                "<p><a href=\"\(Self.escaped(link.address))\">\(Self.escaped(link.label))</a></p>")
        }
        lines.append("</body></html>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension Letter {
    /// The mail to the guest of a registration; nil when it has no address.
    func target(for registration: Registration, in language: GuestLanguage) -> EmailTarget? {
        guard registration.isReached(by: .email), let address = registration.email else {
            return nil
        }
        return EmailTarget(
            address: address, name: registration.name.map { Self.oneLine($0.text) },
            subject: subject, text: text, html: html(in: language))
    }

    /// What to pay, to which account, with which code, and until when.
    static func aboutPaying(
        _ registration: Registration, to payee: Payee, event: String, isReminder: Bool,
        in language: GuestLanguage
    ) -> Letter {
        let code = registration.reference.text
        let isPart = registration.paid.minorUnits > 0
        var letter = Letter(
            subject: isPart
                ? language.pick(
                    "\(event): ödemenizin kalanı (\(code))",
                    "\(event): the rest of your payment (\(code))")
                : isReminder
                    ? language.pick(
                        "\(event): ödemeniz henüz ulaşmadı (\(code))",
                        "\(event): we are still waiting for your payment (\(code))")
                    : language.pick(
                        "\(event): ödeme bilgileri (\(code))", "\(event): how to pay (\(code))"),
            greeting: greeting(registration, language),
            opening: isPart
                ? language.pick(
                    "\(event) için ödemenizin \(registration.paid) kadarı ulaştı. Kalanı ulaşınca "
                        + "kaydınız onaylanır. Az önce ödediyseniz bir şey yapmanız gerekmez.",
                    "\(registration.paid) of your payment for \(event) have arrived. Your "
                        + "registration is confirmed when the rest does. If you have just paid it, "
                        + "there is nothing to do.")
                : isReminder
                    ? language.pick(
                        "\(event) kaydınız duruyor, ödemeniz henüz ulaşmadı. Az önce ödediyseniz bir "
                            + "şey yapmanız gerekmez.",
                        "We still hold your registration for \(event), and your payment has not "
                            + "arrived yet. If you have just paid, there is nothing to do.")
                    : language.pick(
                        "\(event) kaydınız alındı. Ödemeniz ulaşınca onaylanır.",
                        "We have your registration for \(event). It is confirmed when your payment "
                            + "arrives."))
        letter.rows = [
            (
                isPart
                    ? language.pick("Kalan tutar", "Still to pay")
                    : language.pick("Tutar", "Amount"), registration.open.description
            ),
            ("IBAN", payee.iban.grouped),
            (language.pick("Alıcı", "Account holder"), payee.holder),
            (language.pick("Açıklama", "Description"), code),
        ]
        if let deadline = payee.deadline(of: registration) {
            letter.rows.append(
                (language.pick("Son ödeme", "Pay by"), language.moment(deadline)))
        }
        letter.closing = [
            language.pick(
                "Havale, EFT veya FAST açıklamasına yalnız bu kodu yazın: \(code). Tutarı kuruşu "
                    + "kuruşuna gönderin; böylece ödemeniz kendiliğinden tanınır.",
                "Write only this code into the description of your transfer: \(code). Send exactly "
                    + "this amount; then your payment is recognised by itself.")
        ]
        if let address = payee.link(for: registration.reference) {
            letter.link = (language.pick("Ödeme sayfası", "Payment page"), address)
        }
        return letter
    }

    /// The ticket's address.
    static func ticket(
        _ registration: Registration, at address: String, event: String,
        in language: GuestLanguage
    ) -> Letter {
        var letter = Letter(
            subject: language.pick("\(event): biletiniz", "\(event): your ticket"),
            greeting: greeting(registration, language),
            opening: language.pick(
                "Ödemeniz ulaştı, \(event) kaydınız onaylandı.",
                "Your payment has arrived and your registration for \(event) is confirmed."))
        letter.closing = [
            language.pick(
                "Girişte biletinizi gösterin. Bilet yalnız sizindir, bağlantıyı paylaşmayın.",
                "Show your ticket at the entrance. It is yours alone: do not pass the link on.")
        ]
        letter.link = (language.pick("Biletiniz", "Your ticket"), address)
        return letter
    }

    private static func greeting(
        _ registration: Registration, _ language: GuestLanguage
    ) -> String {
        let name = registration.name.map { " " + oneLine($0.text) } ?? ""
        return language.pick("Merhaba", "Hello") + name + ","
    }
}
