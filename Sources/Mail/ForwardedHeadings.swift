// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// The words with which mail programs begin a mail that a person forwarded, in Turkish and English,
/// and what Yandex says in Russian.
///
/// They change with every version of a program, so they are data: to learn a new form, add its
/// words here and its heading to the tests. All words are folded (`String.turkishFolded`).
enum ForwardedHeadings {
    /// What a line of the heading says.
    enum Role { case sender, recipient, date, subject, other }

    static let roles: [String: Role] = [
        "kimden": .sender, "gonderen": .sender, "from": .sender,
        "kime": .recipient, "alici": .recipient, "to": .recipient,
        "bilgi": .recipient, "cc": .recipient, "gizli": .recipient, "bcc": .recipient,
        "yanit adresi": .recipient, "reply-to": .recipient,
        "tarih": .date, "gonderildi": .date, "gonderilen": .date, "gonderme tarihi": .date,
        "gonderilme tarihi": .date, "gonderim tarihi": .date, "gonderildigi tarih": .date,
        "gonderilenler": .date, "date": .date, "sent": .date,
        "konu": .subject, "subject": .subject,
        "onem": .other, "onem derecesi": .other, "importance": .other, "ekler": .other,
        "attachments": .other,
    ]

    /// Lines between what the person wrote and the heading, without the dashes around them.
    static let separators: Set<String> = [
        // Gmail, Yandex, Thunderbird, Yahoo, Apple Mail, older Outlook
        "forwarded message", "yonlendirilmis ileti", "yonlendirilen ileti", "iletilen ileti",
        "iletilmis mesaj", "iletilen mesaj", "yeniden yonlendirilen mesaj",
        "yeniden yonlendirilen ileti", "yeniden yonlendirilen mesajin sonu", "ileti baslangici:",
        "begin forwarded message:",
        "ozgun ileti", "orijinal mesaj", "original message",
        "пересылаемое сообщение", "конец пересылаемого сообщения",
        "end of forwarded message", "iletilen iletinin sonu", "yonlendirilmis iletinin sonu",
    ]

    /// Ends of the one line that some programs write for the whole heading.
    static let attributions = ["tarihinde sunu yazdi:", "yazdi:", "wrote:"]

    /// Prefixes of a forwarded subject. `YNT:` marks an answer, `TR:` is French; both stay.
    static let subjectPrefixes = ["ilt:", "fwd:", "fw:"]

    /// The first three letters of the months, Turkish and English.
    static let months: [String: Int] = [
        "oca": 1, "sub": 2, "mar": 3, "nis": 4, "may": 5, "haz": 6, "tem": 7, "agu": 8, "eyl": 9,
        "eki": 10, "kas": 11, "ara": 12,
        "jan": 1, "feb": 2, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]

    /// Days of the week begin like months (`Pazar`, `Mart`; `Salı`; `Cumartesi`; `Monday`), so only
    /// whole words and their usual short forms are months.
    static let monthNames: Set<String> = [
        "ocak", "subat", "mart", "nisan", "mayis", "haziran", "temmuz", "agustos", "eylul", "ekim",
        "kasim", "aralik", "january", "february", "march", "april", "june", "july", "august",
        "september", "sept", "october", "november", "december",
    ]

    /// The label before the first colon of a line and what stands behind it.
    static func label(_ line: Substring) -> (role: Role, value: Substring)? {
        // The longest label has 17 letters; asterisks and blanks may stand around it.
        guard let colon = line.unicodeScalars.prefix(30).firstIndex(of: ":") else { return nil }
        let name = String(bare(line[..<colon])).turkishFolded()
        guard let role = roles[name] else { return nil }
        return (role, bare(line[line.index(after: colon)...]))
    }

    static func isSeparator(_ line: Substring) -> Bool {
        let core = bare(line)
        if core.isEmpty { return !line.isEmpty }
        return core.utf8.count <= 60 && separators.contains(String(core).turkishFolded())
    }

    /// Without the marks that mail programs put around headings for show.
    static func bare(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, isMark(first) { text.removeFirst() }
        while let last = text.last, isMark(last) { text.removeLast() }
        return text
    }

    private static func isMark(_ sign: Character) -> Bool {
        sign.isWhitespace || sign == "*" || sign == "-" || sign == "_" || sign == "="
    }
}
