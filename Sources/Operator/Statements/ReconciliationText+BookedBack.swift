// SPDX-License-Identifier: Apache-2.0

internal import Agent
internal import Domain
internal import Ledger
internal import Statements

extension ReconciliationText {
    /// What was booked back because the bank took it back, whom it concerns and what is asked.
    func bookedBack(_ language: Language) -> [String] {
        let done = result.takenBack.filter { !$0.bookedBack.isEmpty }
        guard !done.isEmpty else { return [] }
        let head = language.pick(
            "Taken back by the bank and booked back: \(done.count)",
            "Bankanın geri aldığı, deftere geri yazılan: \(done.count)")
        return [head]
            + done.flatMap { taken in
                taken.bookedBack.flatMap { part in
                    let row = taken.line.row
                    return [
                        language.pick(
                            "row \(row): \(part.amount) of payment \(part.payment)",
                            "satır \(row): \(part.payment) numaralı ödemeden \(part.amount)")
                    ] + lines(part, language).map { "  " + $0 }
                }
            }
    }

    private func lines(_ part: BookedBack, _ language: Language) -> [String] {
        part.registrations.map { "\($0.id): \(language.word($0.state))" }
            + part.notDueAnyMore.map { language.notDueAnyMore($0) }
            + [part.review].compactMap(\.self).map {
                language.pick(
                    "What is to become of it: mutabik review show \($0)",
                    "Ne olacağına karar vermek için: mutabik review show \($0)")
            }
    }

    func object(_ part: BookedBack) -> JSONLine {
        var line = JSONLine((part.payment, part.amount))
        line.put(states: part.registrations)
        if !part.notDueAnyMore.isEmpty {
            line.put("not_due_any_more", part.notDueAnyMore.map { JSONLine($0) })
        }
        if let review = part.review { line.put("review", review.number) }
        return line
    }
}
