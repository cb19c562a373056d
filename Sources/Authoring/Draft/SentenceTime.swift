// SPDX-License-Identifier: Apache-2.0

internal import Domain
internal import Rules

/// Day and hour in a sentence: in one, or apart as in `21.11.2026 tarihinde saat 16:27'de`.
extension SentenceSketch {
    /// Signs between a day and its hour: `tarihinde saat` and the like, not the next sentence.
    private static let gapMax = 30

    /// The values and the form of the first day in `signs`; empty when there is none.
    static func times(_ signs: [Unicode.Scalar]) -> (values: [Value], form: String?) {
        let spans = TextScanner(signs).spans().filter { $0.kind == .time }
        func text(_ span: TextSpan) -> String {
            String(String.UnicodeScalarView(signs[span.range]))
        }
        for span in spans {
            guard let day = DateShape.pattern(text(span)) else { continue }
            let hour = spans.first { other in
                let gap =
                    other.range.lowerBound > span.range.lowerBound
                    ? other.range.lowerBound - span.range.upperBound
                    : span.range.lowerBound - other.range.upperBound
                return other.range != span.range && gap <= gapMax
                    && DateShape.hour(text(other)) != nil
            }
            guard !day.contains("mm"), let hour, let clock = DateShape.hour(text(hour)) else {
                let tail = day.contains("MMM") ? #"[ ,\d:]*"# : #"[ \d:./,-]*?"#
                return ([value("occurred_at", span, dayForm(day) + tail + half(day))], day)
            }
            let clockForm = #"[\d:]+"# + half(clock)
            return (
                [value("date", span, dayForm(day)), value("time", hour, clockForm)],
                "\(day) \(clock)"
            )
        }
        return ([], nil)
    }

    private static func dayForm(_ day: String) -> String {
        guard day.contains("MMM") else { return #"[\d./-]+"# }
        return day.hasPrefix("M") ? #"[a-z]+ \d+,? \d{4}"# : #"\d+[ .-]+[a-z]+[ ,-]+\d{4}"#
    }

    /// What stands for AM or PM, ÖÖ or ÖS, where the clock is one of twelve hours.
    private static func half(_ clock: String) -> String {
        clock.hasSuffix("a") ? " ?(?:[ap]m|o[os])" : ""
    }

    private static func value(_ group: String, _ span: TextSpan, _ form: String) -> Value {
        Value(group: group, field: .occurredAt, range: span.range, form: form)
    }
}
