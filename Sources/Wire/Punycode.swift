// SPDX-License-Identifier: Apache-2.0

/// Labels of domains in ASCII: `örnek` → `xn--rnek-4qa` (RFC 3492, with the numbers of §5).
///
/// Letters are made small; nothing else of what registries demand is checked (RFC 5891 §5): a label
/// that no registry gave out has no mail server.
enum Punycode {
    private static let base: UInt32 = 36
    private static let (tMin, tMax): (UInt32, UInt32) = (1, 26)

    /// A label that is ASCII already stays as it is.
    static func label(_ label: String) -> String {
        guard label.utf8.contains(where: { $0 >= 0x80 }) else { return label }
        let scalars = label.lowercased().unicodeScalars.map(\.value)
        let plain = scalars.filter { $0 < 0x80 }
        var result = plain
        if !plain.isEmpty { result.append(0x2D) }
        var (code, delta, bias): (UInt32, UInt32, UInt32) = (0x80, 0, 72)
        var done = UInt32(plain.count)
        for next in Set(scalars.filter { $0 >= 0x80 }).sorted() {
            // Labels are short and scalars below 2^21: nothing here comes near 2^32.
            delta &+= (next - code) &* (done + 1)
            code = next
            for scalar in scalars {
                if scalar < code { delta &+= 1 }
                guard scalar == code else { continue }
                result += digits(of: delta, bias)
                bias = adapted(delta, done + 1, isFirst: done == UInt32(plain.count))
                delta = 0
                done += 1
            }
            delta &+= 1
            code += 1
        }
        return "xn--"
            + String(decoding: result.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }

    /// A number in digits whose weights depend on their place (§3.3).
    private static func digits(of number: UInt32, _ bias: UInt32) -> [UInt32] {
        var (rest, k) = (number, base)
        var digits: [UInt32] = []
        while true {
            let threshold = k <= bias ? tMin : min(k - bias, tMax)
            guard rest >= threshold else { break }
            digits.append(sign(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            k += base
        }
        return digits + [sign(rest)]
    }

    /// a–z, then 0–9.
    private static func sign(_ digit: UInt32) -> UInt32 { digit < 26 ? digit + 97 : digit + 22 }

    /// §6.1.
    private static func adapted(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
        var (delta, k) = (isFirst ? delta / 700 : delta / 2, UInt32(0))
        delta += delta / count
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + 38)
    }
}
