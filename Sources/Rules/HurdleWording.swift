// SPDX-License-Identifier: Apache-2.0

extension VariantExplanation.Hurdle {
    /// What kept a variant from taking a mail, for a person.
    package var wording: Wording {
        switch self {
        case .subjectMissing(let texts):
            Self.told("the subject does not hold ", "konuda yok: ", texts)
        case .subjectForbidden(let texts):
            Self.told("the subject must not hold ", "konuda olmamalıydı: ", texts)
        case .frameMissing(let texts):
            Self.told("the text does not hold ", "metinde yok: ", texts)
        case .frameForbidden(let texts):
            Self.told("the text must not hold ", "metinde olmamalıydı: ", texts)
        case .denied(let texts):
            Self.told("denied words stand there: ", "yasaklı sözler geçiyor: ", texts)
        case .directionMissing(let texts):
            Self.told(
                "nothing says that money came in: ", "paranın geldiğini söyleyen söz yok: ", texts)
        case .directionOut(let texts):
            Self.told("it says that money went out: ", "paranın gittiğini söylüyor: ", texts)
        case .content(let why): Wording(why, Phrasebook.turkish(why))
        }
    }

    private static func told(_ english: String, _ turkish: String, _ texts: [String]) -> Wording {
        let quoted = texts.map { "“\($0)”" }.joined(separator: ", ")
        return Wording(english + quoted, turkish + quoted)
    }
}

extension VariantExplanation {
    /// How near the variant came, the nearest first: 0 is a fit.
    package var distance: Int {
        let weight =
            switch verdict {
            case .fits: 0
            case .unclear: 10
            case .nearly: 20
            case .no: 100
            }
        let missing = hurdles.reduce(0) { sum, hurdle in
            switch hurdle {
            case .subjectMissing(let texts), .frameMissing(let texts): sum + texts.count * 10
            case .subjectForbidden, .frameForbidden, .denied, .directionMissing, .directionOut:
                sum + 5
            case .content: sum + 3
            }
        }
        return weight + missing - min(9, captures.count)
    }
}
