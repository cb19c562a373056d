// SPDX-License-Identifier: Apache-2.0

internal import Domain

/// What arrived, as a page: a card per person, each card a line of time.
///
/// One document without scripts; a meta element loads it anew every few seconds.
struct Page: Sendable {
    /// Fast enough to follow a demo, slow enough to read.
    static let refreshSeconds = 3
    /// Cards of the people who were last heard of.
    static let cardsMax = 60
    /// Steps in one card.
    static let stepsMax = 12
    /// Rows of the list of last requests.
    static let rowsMax = 25

    let luma: LumaDesk
    let netgsm: NetgsmDesk
    let mail: MailDesk
    let log: RequestLog
    let faults: [Fault]
    let moment: Moment

    func html(refreshSeconds: Int) -> String {
        let requests = log.requests
        let refresh =
            refreshSeconds > 0
            ? "<meta http-equiv=\"refresh\" content=\"\(refreshSeconds)\">" : ""
        return """
            <!DOCTYPE html>
            <html lang="tr"><head><meta charset="utf-8">\(refresh)
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>mutabık · sandbox</title><style>\(PageStyle.css)</style></head><body>
            <header><div><h1>mutabık <span>sandbox</span></h1>
            <p>Luma, Netgsm ve posta sunucusu yerine · <i>in place of Luma, Netgsm and a mail
            server</i></p></div>
            <time>\(moment.istanbul.date()) \(moment.istanbul.clockWithSeconds)</time></header>
            <main>\(counters)\(waitingFaults)
            <section><h2>Kişiler <i>people</i></h2>\(cards(requests))</section>
            <section><h2>Son istekler <i>last requests</i></h2>\(table(requests))</section>
            </main></body></html>

            """
    }

    // MARK: - Counters and faults

    private var counters: String {
        let guests = luma.guests.values
        let approvals = guests.reduce(0) { $0 + $1.approvals }
        let twice =
            guests.count { $0.approvals > 1 } + netgsm.byPhone.values.count { $0.count > 1 }
        let pending = guests.count { $0.status == .pendingApproval }
        return "<div class=\"counters\">"
            + counter(log.total, "istek", "requests")
            + counter(pending, "bekleyen", "pending")
            + counter(approvals, "onay", "approvals", "good")
            + counter(netgsm.messages.count, "SMS", "text messages", "sms")
            + counter(mail.mails.count, "e-posta", "mails", "sms")
            + counter(twice, "iki kez", "done twice", twice > 0 ? "bad" : "")
            + "</div>"
    }

    private func counter(
        _ number: Int, _ turkish: String, _ english: String, _ kind: String = ""
    ) -> String {
        "<div class=\"counter \(kind)\"><b>\(number)</b>\(turkish) <i>\(english)</i></div>"
    }

    private var waitingFaults: String {
        guard !faults.isEmpty else { return "" }
        let chips = faults.prefix(Self.rowsMax).map {
            "<span class=\"fault\">\(escaped($0.place)) · \(escaped($0.name)) ×\($0.count)</span>"
        }
        return "<p class=\"faults\">Bekleyen arızalar <i>faults in wait</i> \(chips.joined())</p>"
    }

    // MARK: - People

    private func cards(_ requests: [LoggedRequest]) -> String {
        var steps: [String: [LoggedRequest]] = [:]
        var order: [String] = []
        for request in requests.reversed() {
            guard let subject = request.subject else { continue }
            if steps[subject] == nil {
                guard order.count < Self.cardsMax else { continue }
                order.append(subject)
            }
            if steps[subject, default: []].count < Self.stepsMax {
                steps[subject, default: []].append(request)
            }
        }
        if order.isEmpty {
            return "<p class=\"empty\">Henüz bir şey gelmedi. <i>Nothing has arrived yet.</i></p>"
        }
        let shown = order.map { card($0, steps: (steps[$0] ?? []).reversed()) }
        return "<div class=\"cards\">\(shown.joined())</div>"
    }

    private func card(_ subject: String, steps: [LoggedRequest]) -> String {
        let guest = luma.guests[subject]
        let name = guest?.seed.name ?? (subject.contains("@") ? subject : "+90 \(subject)")
        let initials = name.split(separator: " ").prefix(2).compactMap(\.first)
        let badge = guest.map {
            "<span class=\"badge \($0.status.rawValue)\">\(Self.words[$0.status] ?? "")</span>"
        }
        let detail = [guest == nil ? nil : subject, guest?.seed.phone?.digits]
            .compactMap(\.self).joined(separator: " · ")
        return """
            <article><div class="who"><span class="face">\(guest == nil ? "?" : escaped(String(initials)))</span>
            <div><h3>\(escaped(name))</h3><p>\(escaped(detail))</p></div>\(badge ?? "")</div>
            <ol>\(steps.map(step).joined())</ol></article>
            """
    }

    private static let words: [GuestStatus: String] = [
        .approved: "onaylı", .pendingApproval: "bekliyor", .declined: "reddedildi",
        .waitlist: "yedek", .invited: "davetli", .session: "oturum",
    ]

    private func step(_ request: LoggedRequest) -> String {
        let civil = CivilTime(secondsSince1970: request.receivedAt.wallMicroseconds / 1_000_000)
        let millis = String(request.receivedAt.wallMicroseconds / 1000 % 1000 + 1000).dropFirst()
        let time = "<time>\(civil.clockWithSeconds)<small>.\(millis)</small></time>"
        var words = request.effect.map(title) ?? "okundu <i>read</i>"
        if request.place == .netgsmReport { words = "rapor <i>report</i>" }
        if request.status >= 400 { words = "geri çevrildi <i>refused</i> \(request.status)" }
        if let fault = request.fault {
            words += " <span class=\"fault\">\(escaped(fault))</span>"
        }
        let kind =
            request.status >= 400
            ? "refused"
            : request.effect.map { $0.hasPrefix("sms") || $0 == "mail" ? "sms" : "deed" } ?? "quiet"
        let bubble = request.text.map { "<q>\(escaped($0))</q>" } ?? ""
        return "<li class=\"\(kind)\"><div><span>\(words)</span>\(time)</div>\(bubble)</li>"
    }

    private func title(_ effect: String) -> String {
        switch effect {
        case "approved": "<b>onaylandı</b> <i>approved</i>"
        case "sms": "<b>SMS gönderildi</b> <i>text</i>"
        case "mail": "<b>e-posta gönderildi</b> <i>mail</i>"
        case "declined": "<b>reddedildi</b> <i>declined</i>"
        case "waitlist": "<b>yedeğe alındı</b> <i>waitlisted</i>"
        default: "<b>\(escaped(effect))</b>"
        }
    }

    // MARK: - Requests

    private func table(_ requests: [LoggedRequest]) -> String {
        let rows = requests.suffix(Self.rowsMax).reversed().map { request in
            let time = CivilTime(
                secondsSince1970: request.receivedAt.wallMicroseconds / 1_000_000)
            let good = (200..<300).contains(request.status) ? "" : " class=\"off\""
            let fault = request.fault.map { "<span class=\"fault\">\(escaped($0))</span>" } ?? ""
            return "<tr><td>\(time.clockWithSeconds)</td><td>\(escaped(request.method))</td>"
                + "<td><code>\(escaped(String(request.url.prefix(120))))</code> \(fault)</td>"
                + "<td\(good)>\(request.status == 0 ? "—" : "\(request.status)")</td></tr>"
        }
        return "<table>\(rows.joined())</table>"
    }

    private func escaped(_ text: String) -> String {
        var safe = ""
        for sign in text.unicodeScalars {
            switch sign {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.unicodeScalars.append(sign)
            }
        }
        return safe
    }
}
