// SPDX-License-Identifier: Apache-2.0

/// How hard one mail can make all the patterns of a file work: each of them may look at every byte.
struct FileCost {
    /// 80 patterns cost 30 ms for 256 KB; shipped files have 25 with those of their fragments.
    static let patternsMax = 80
    /// Five patterns at the limit of one. Shipped files have 5 in all.
    static let sharedPlacesMax = 40
    /// Literal texts cost a twentieth of a pattern.
    static let literalsMax = 800

    private var patterns: [String: Int] = [:]
    private var literals: Set<String> = []

    init(_ file: RuleFile) { add(file.deny + file.moneyIn, file.variants) }

    init(_ addition: RuleAddition) {
        add(addition.deny + addition.moneyIn, addition.variants + addition.lookAlikes)
    }

    private mutating func add(_ tests: [TextTest], _ variants: [Variant]) {
        var tests = tests
        for variant in variants {
            for condition in [variant.subject, variant.frame] {
                tests += condition.all + condition.any + condition.none
            }
            tests += variant.directionIn + variant.directionOut + variant.deny
            tests += (variant.rows?.skip ?? []) + (variant.rows?.end ?? [])
            let rows = variant.rows?.sentences ?? []
            for sentence in variant.subjectSentences + variant.sentences + rows {
                for pattern in [sentence.pattern, sentence.exchanged] {
                    patterns[pattern.text] = pattern.sharedPlaces
                }
            }
        }
        for test in tests {
            switch test {
            case .literal: literals.insert(test.shown)
            case .pattern(let pattern): patterns[pattern.text] = pattern.sharedPlaces
            }
        }
    }

    func complain(_ root: RuleNode) {
        if patterns.count > Self.patternsMax || literals.count > Self.literalsMax {
            root.complain(
                "this file looks for too much: \(patterns.count) patterns and \(literals.count) texts; "
                    + "\(Self.patternsMax) and \(Self.literalsMax) are the most; a sentence counts twice",
                "bu dosya çok şey arıyor: \(patterns.count) desen ve \(literals.count) metin; en çok "
                    + "\(Self.patternsMax) ve \(Self.literalsMax) olur; bir sentence iki sayılır")
        } else if patterns.values.reduce(0, +) > Self.sharedPlacesMax {
            root.complain(
                "a mail could make the patterns of this file slow together; write + or * for counted "
                    + "repetitions {n,m}",
                "bir ileti bu dosyanın desenlerini hep birlikte yavaşlatabilir; sayılı yinelemelerin "
                    + "{n,m} yerine + ya da * yazın")
        }
    }
}
