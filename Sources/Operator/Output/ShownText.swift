// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Words of strangers as a terminal or a table may show them: control signs, which it would
    /// obey, are blanks; marks that turn the reading direction are gone.
    var shown: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: scalars.append(" ")
            case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: break
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
