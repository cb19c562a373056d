// SPDX-License-Identifier: Apache-2.0

package import Domain
package import Ledger

/// Why an answer was not taken. Nothing was changed.
package enum ReviewRefusal: Error, Hashable, Sendable {
    /// There is no such question, payment or decision.
    case unknown
    /// Somebody answered it before.
    case answered(String)
    /// The question is not the one that was shown.
    case changed
    /// Somebody else stands first by now, or nobody, and the answer names nobody.
    case firstChanged(RegistrationID?)
    case noCandidate
    case notProposed(RegistrationID)
    case noRegistration(RegistrationID)
    /// No money can be booked to it as it stands.
    case closed(RegistrationID, RegistrationState)
    /// It is over, or was never to be paid for, and cannot be called off.
    case isOver(RegistrationID, RegistrationState)
    case nothingOwed(RegistrationID)
    case otherCurrency(RegistrationID)
    /// The parts are not exactly what there is to divide.
    case partsDiffer(Money)
    /// The amount of a payment is a fact and is not typed.
    case amountIsKnown(Money)
    /// The mail shows no amount; it has to be said.
    case amountMissing
    case moneyGone
    /// The bank has the money back; the question is about the guest.
    case takenBack
    /// Nothing of the payment is kept as credit.
    case noCredit(PaymentID)
    /// Not, or not exactly that, is to be sent back: it was confirmed or undone, or never was.
    case notDue(PaymentID)
    /// It is no further notice of another payment.
    case notJoined(PaymentID)
    /// More than one notice was joined to it, and which is meant is not said.
    case severalNotices([PaymentID])
    case severalPayments([PaymentID])
    /// A part of a payment for several was taken back, and whose part is not said.
    case severalRegistrations([RegistrationID])
    /// No more than this lies there.
    case moreThanThere(Money)
    case undo(UndoRefusal)
    /// The effect makes no sense as the registration stands; the decision that held it back, if it
    /// was one.
    case withheld(Effect, RegistrationState, by: DecisionID?)
    /// The effect was taken back, and another one stands in its place.
    case replaced(by: String)

    /// Whether the wish was clear and only came too late.
    package var isTooLate: Bool {
        switch self {
        case .answered, .changed, .firstChanged, .isOver, .notDue, .notJoined, .undo, .withheld,
            .replaced, .moneyGone:
            true
        case .unknown, .noCandidate, .notProposed, .noRegistration, .closed, .nothingOwed,
            .otherCurrency, .partsDiffer, .amountIsKnown, .amountMissing, .takenBack, .noCredit,
            .severalNotices, .severalPayments, .severalRegistrations, .moreThanThere:
            false
        }
    }

    /// A stable name for scripts.
    package var label: String { texts.label }
    package var english: String { texts.english }
    package var turkish: String { texts.turkish }

    private var texts: (label: String, english: String, turkish: String) {
        switch self {
        case .unknown: ("unknown", "There is no such number.", "Böyle bir numara yok.")
        case .answered(let how):
            (
                "answered", "The question is answered already: \(how).",
                "Soru zaten yanıtlanmış: \(StateText.turkish(how))."
            )
        case .changed:
            (
                "changed", "The question has changed meanwhile; look at it again.",
                "Soru bu arada değişti; yeniden bakın."
            )
        case .firstChanged(let first):
            (
                "first_changed",
                "Whoever stood first when it was asked does not any more"
                    + (first.map { ": now it is \($0)" } ?? "")
                    + ". Say whom you mean: review accept NUMBER REGISTRATION.",
                "Soru sorulduğunda ilk sırada olan artık ilk değil"
                    + (first.map { "; şimdi ilk sırada \($0) var" } ?? "")
                    + ". Kimi kastettiğinizi yazın: review accept NUMARA KAYIT."
            )
        case .noCandidate:
            (
                "no_candidate", "Nobody is proposed; name a registration: review assign.",
                "Önerilen kayıt yok; birini belirtin: review assign."
            )
        case .notProposed(let id):
            (
                "not_proposed", "\(id) is not proposed; to choose it all the same: review assign.",
                "\(id) önerilenler arasında değil; yine de seçmek için: review assign."
            )
        case .noRegistration(let id):
            ("no_registration", "There is no registration \(id).", "\(id) adlı kayıt yok.")
        case .closed(let id, let state):
            (
                "closed", "\(id) is \(state.rawValue) and takes no money.",
                "\(id) ödeme alamaz; durumu: \(StateText.turkish(state.rawValue))."
            )
        case .isOver(let id, let state):
            (
                "is_over", "\(id) is \(state.rawValue) and cannot be called off.",
                "\(id) iptal edilemez; durumu: \(StateText.turkish(state.rawValue))."
            )
        case .nothingOwed(let id):
            (
                "nothing_owed", "\(id) does not owe that much; credit or refund the payment.",
                "\(id) kaydının bu kadar borcu yok; ödemeyi alacak yazın ya da iade edin."
            )
        case .otherCurrency(let id):
            (
                "other_currency", "\(id) is paid in another currency.",
                "\(id) başka bir para biriminde ödeniyor."
            )
        case .partsDiffer(let free):
            (
                "parts_differ", "The parts have to be exactly \(free), each registration once.",
                "Parçaların toplamı tam \(free) olmalı, her kayıt bir kez."
            )
        case .amountIsKnown(let amount):
            ("amount_is_known", "The payment is \(amount).", "Ödeme \(amount).")
        case .amountMissing:
            (
                "amount_missing", "The mail shows no payment; say it: review assign --amount.",
                "E-posta bir ödeme göstermiyor; tutarı siz yazın: review assign --amount."
            )
        case .moneyGone:
            ("money_gone", "That money is not there any more.", "Bu para artık yok.")
        case .takenBack:
            (
                "taken_back",
                "The bank took that money back, so none of it can be booked. To call the guest off: "
                    + "registrations cancel; to leave the place: review ignore.",
                "Banka bu parayı geri aldı, deftere yazılacak bir şey kalmadı. Kaydı iptal etmek "
                    + "için: registrations cancel; yerini korumak için: review ignore."
            )
        case .noCredit(let id):
            (
                "no_credit", "Nothing of payment \(id) is kept as credit.",
                "\(id) numaralı ödemeden alacak olarak tutulan bir şey yok."
            )
        case .notDue(let id):
            (
                "not_due",
                "Not exactly that is due back of payment \(id). Nothing was booked. "
                    + "See what is due now: mutabik payments refunds",
                "\(id) numaralı ödemeden tam bu kadarı iade edilecek değil. Hiçbir şey yazılmadı. "
                    + "Şimdi iade edilecekler: mutabik payments refunds"
            )
        case .notJoined(let id):
            (
                "not_joined", "Payment \(id) is no further notice of another one.",
                "\(id) numaralı ödeme başka bir ödemenin ikinci bildirimi değil."
            )
        case .severalNotices(let notices):
            (
                "several_notices",
                "Several notices were joined to it; say which: "
                    + notices.map(\.description).joined(separator: ", ") + ".",
                "Birden çok bildirimi var; hangisi olduğunu yazın: "
                    + notices.map(\.description).joined(separator: ", ") + "."
            )
        case .severalPayments(let payments):
            (
                "several_payments",
                "It is not one payment that can be taken back, but \(payments.count): payments "
                    + "reverse NUMBER.",
                "Geri alınabilecek tek bir ödeme yok (\(payments.count) tane): payments reverse "
                    + "NUMARA."
            )
        case .severalRegistrations(let guests):
            (
                "several_registrations",
                "The payment is for \(guests.count) registrations; say whose part it is: payments "
                    + "reverse NUMBER --amount SUM --registration ID.",
                "Ödeme \(guests.count) kayıt için; kimin payı olduğunu belirtin: payments reverse "
                    + "NUMARA --amount TUTAR --registration KAYIT."
            )
        case .moreThanThere(let there):
            (
                "more_than_there", "No more than \(there) of it can be taken back.",
                "Bundan en fazla \(there) geri alınabilir."
            )
        case .undo(let refusal): refusal.texts
        case .withheld(let effect, let state, let decision):
            Self.texts(withheld: effect, state, by: decision)
        case .replaced(let key):
            (
                "replaced", "It was taken back; \(key) stands in its place.",
                "Bu geri çekilmişti; yerine \(key) geçti."
            )
        }
    }

    /// Why an effect is held back, and what would release it.
    private static func texts(
        withheld effect: Effect, _ state: RegistrationState, by decision: DecisionID?
    ) -> (label: String, english: String, turkish: String) {
        let (when, whenTurkish) =
            switch effect.kind {
            case .lumaApprove, .message(.ticket, _):
                ("as soon as the guest counts as paid again", "kayıt yeniden ödenmiş sayılınca")
            case .lumaUnapprove:
                ("only if the guest's money goes away again", "ancak para yeniden geri giderse")
            case .message(.instructions, _), .message(.reminder, _):
                ("only if money is due again", "ancak yeniden ödenecek tutar olursa")
            }
        let undo = decision.map { "review undo --decision \($0)" }
        return (
            "withheld",
            "It stays held back: \(effect.registration) is \(state.rawValue). It goes out \(when)"
                + (undo.map { ", or with \($0)." } ?? "."),
            "Bekletiliyor; \(effect.registration) kaydının durumu: "
                + "\(StateText.turkish(state.rawValue)). Gönderilir: \(whenTurkish)"
                + (undo.map { " ya da \($0) ile." } ?? ".")
        )
    }
}

extension UndoRefusal {
    fileprivate var texts: (label: String, english: String, turkish: String) {
        switch self {
        case .unknown: ("unknown", "There is no such decision.", "Böyle bir karar yok.")
        case .isUndo:
            (
                "is_undo", "An undoing is not undone; answer the question again.",
                "Geri alma geri alınmaz; soruyu yeniden yanıtlayın."
            )
        case .already(let by, let when):
            (
                "already_undone",
                "It was undone already, by decision \(by) at \(Timestamp.text(when)).",
                "Zaten geri alınmış: \(by) numaralı karar, \(Timestamp.text(when))."
            )
        case .later(let id):
            (
                "later_decision", "Decision \(id) rests on it; undo that one first.",
                "\(id) numaralı karar buna dayanıyor; önce onu geri alın."
            )
        case .movedOn(let id, let state):
            (
                "moved_on", "\(id) has become \(state.rawValue) since.",
                "\(id) o zamandan beri değişti; durumu: \(StateText.turkish(state.rawValue))."
            )
        }
    }
}
