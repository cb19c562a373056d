// SPDX-License-Identifier: Apache-2.0

internal import Cryptography
internal import Domain

/// Everything the stand-ins know, behind one door: decide at once, then answer.
actor Stage {
    private let options: SandboxOptions
    private let record: RecordFile?
    private let blanking: Blanking
    private(set) var luma: LumaDesk
    private(set) var netgsm: NetgsmDesk
    private(set) var mail = MailDesk()
    private(set) var log = RequestLog()
    private(set) var faults: [Fault] = []

    /// More than any test sets up.
    static let faultsMax = 1000

    init(options: SandboxOptions, record: RecordFile?, at moment: Moment) {
        self.options = options
        self.record = record
        blanking = Blanking([
            options.lumaKey, options.netgsmPassword,
            Secret(
                Base64.encode(
                    Array("\(options.netgsmUser):\(options.netgsmPassword.reveal())".utf8))),
        ])
        luma = LumaDesk(options: options, at: moment)
        netgsm = NetgsmDesk(options: options)
    }

    /// A call to a provider: its effect happens here, its reply leaves as the fault wants.
    func take(_ call: Call, at moment: Moment) -> (Answer, Delivery) {
        let place = Place.of(call)
        let fault = place.flatMap { strike($0) }
        var deed: Deed
        let isMail = place?.isMail ?? false
        if let instead = isMail ? fault?.mailAnswerInstead : fault?.answerInstead {
            deed = Deed(instead)
        } else {
            deed = perform(call, place: place, fault: fault, at: moment)
            if let fault { deed.answer = fault.spoiled(deed.answer) }
        }
        note(call, place: place, deed: deed, fault: fault, at: moment)
        return (deed.answer, fault?.delivery ?? .plain)
    }

    private func perform(_ call: Call, place: Place?, fault: Fault?, at moment: Moment) -> Deed {
        guard let place else {
            return Deed(LumaDesk.problem(404, "no such call: \(call.method) of this path"))
        }
        if place.isLuma { return luma.answer(place, call, at: moment) }
        if place.isMail {
            var deed = mail.answer(place, call, at: moment)
            deed.subject = deed.subject.map { luma.guest(email: $0) ?? $0 }
            return deed
        }
        var deliveryStatus: Int?
        if case .delivery(let status) = fault?.kind { deliveryStatus = status }
        var deed = netgsm.answer(place, call, at: moment, deliveryStatus: deliveryStatus)
        // A message stands beside its guest when phone or reference tells whose it is.
        if let phone = deed.subject {
            deed.subject = luma.guest(phone: phone) ?? guestNamed(in: call) ?? phone
        }
        return deed
    }

    /// The guest whose id stands in the client reference, as `mutabik-gst-41`.
    private func guestNamed(in call: Call) -> String? {
        guard let reference = JSONValue(call.body)?["referansID"]?.string,
            let range = reference.firstRange(of: "gst-")
        else { return nil }
        let id = "gst-" + reference[range.upperBound...].prefix { $0.isLetter || $0.isNumber }
        return luma.guests[id]?.seed.id
    }

    private func strike(_ place: Place) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.strikes(place) }) else { return nil }
        let fault = faults[index]
        faults[index].count -= 1
        if faults[index].count == 0 { faults.remove(at: index) }
        return fault
    }

    private func note(
        _ call: Call, place: Place?, deed: Deed, fault: Fault?, at moment: Moment
    ) {
        let request = LoggedRequest(
            number: log.total + 1, receivedAt: moment, place: place, method: call.method,
            url: blanking.text(call.target), headers: blanking.headers(call.headers),
            body: blanking.body(call.body), status: deed.answer.status, fault: fault?.name,
            subject: deed.subject, effect: deed.effect, text: deed.text.map(blanking.text))
        log.append(request)
        record?.append(request.recordLine)
    }

    // MARK: - Control

    /// Lets a fault wait for the next calls of its place.
    func arm(_ fault: Fault) -> Bool {
        guard faults.count < Self.faultsMax else { return false }
        faults.append(fault)
        return true
    }

    /// How many of these guests were new.
    func seed(_ guests: [SandboxGuest], at moment: Moment) -> Int {
        guests.count { luma.add($0, at: moment) }
    }

    /// Back to the first moment; the record file goes on.
    func reset(at moment: Moment) {
        luma = LumaDesk(options: options, at: moment)
        netgsm = NetgsmDesk(options: options)
        mail = MailDesk()
        log = RequestLog()
        faults = []
    }

    /// Everything, for tests and measurements; `requests` limits how many of the last are listed.
    func state(requests: Int, at moment: Moment) -> JSONValue {
        StateReport.make(
            luma: luma, netgsm: netgsm, mail: mail, log: log, faults: faults, options: options,
            requests: requests, at: moment)
    }

    func page(refreshSeconds: Int, at moment: Moment) -> String {
        Page(luma: luma, netgsm: netgsm, mail: mail, log: log, faults: faults, moment: moment)
            .html(refreshSeconds: refreshSeconds)
    }
}
