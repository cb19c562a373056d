// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import Ledger

/// What several commands write as JSON about money and the guests that it touched, in one shape.
extension JSONLine {
    /// `{"payment":1,"amount_minor":25000,"currency":"TRY"}`
    init(_ part: AnswerReport.Part) {
        self.init()
        put("payment", part.payment.number)
        put("amount", part.amount)
        put("currency", part.amount.currency.code)
    }

    /// `"registrations":[{"id":"r1","state":"paid"}]`: where each stands now.
    mutating func put(states: [(id: RegistrationID, state: RegistrationState)]) {
        put(
            "registrations",
            states.map { id, state in
                var object = JSONLine()
                object.put("id", id.text)
                object.put("state", state.rawValue)
                return object
            })
    }
}
