// SPDX-License-Identifier: Apache-2.0

/// What became of settled mails on their server. Nothing personal is in it.
package enum AfterCareEvent: Sendable, Equatable {
    /// Flagged or moved, or gone from there already.
    case done(count: Int)
    /// The server does not do it now, or (`count` nil) it could not be asked.
    case postponed(count: Int?, reason: String, retryIn: Duration)
    /// The folder was numbered anew: nothing was done under the old numbers.
    case renumbered(count: Int)
}

extension AfterCareEvent: CustomStringConvertible {
    /// One English line.
    package var description: String {
        switch self {
        case .done(let count): "looked after \(count) mails"
        case .postponed(let count, let reason, let wait):
            (count.map { "\($0) mails" } ?? "settled mails")
                + " not looked after: \(reason); again in \(wait.components.seconds) s"
        case .renumbered(let count):
            "\(count) mails were renumbered and are looked after under their new numbers"
        }
    }
}
