// SPDX-License-Identifier: Apache-2.0

extension HTMLText {
    enum Kind {
        case inline, link, control, block, row, cell, lineBreak, skipped, sheet, preformatted

        var undisplayed: Kind { self == .row ? .block : self == .cell ? .inline : self }
        /// Not a stretch of a line.
        var isBox: Bool {
            switch self {
            case .block, .row, .cell, .preformatted: true
            case .inline, .link, .control, .lineBreak, .skipped, .sheet: false
            }
        }
    }

    /// What an element means for the text in it; inherited from the one around it.
    struct Frame {
        var isSkipped = false
        /// A rule that was not understood may hide it.
        var isPerhapsHidden = false
        private(set) var isUndisplayed = false
        private var isInvisible = false
        private var isTiny = false
        private var hasNoLetters = false
        private var isTransparent = false
        /// The text is a style sheet.
        var isSheet = false
        var isPreformatted = false
        var kind = Kind.inline
        /// `<sup>` or `<sub>`.
        var isRaised = false
        /// A table or a part of one.
        var isOfTable = false
        /// A style makes a box of it, which by itself it is not.
        private(set) var beginsBox = false
        /// Such a box has lines of its own.
        private(set) var endsLines = false
        private var isIndentedAway = false
        /// The line with which the box around begins off the page; nil when it begins on it.
        private var lineAway: Int?

        /// What letters and the ground are painted with; nil when it is not known.
        private var color: Colour?
        private var ground: Colour? = .white
        /// Colours alone do not say whether letters are seen.
        private var hasEffects = false
        private(set) var isUnseenByColour = false

        var isHidden: Bool { isUndisplayed || isInvisible || isTiny || isTransparent }

        /// An element in one of the kind `around`.
        mutating func begin(_ kind: Kind, in around: Kind) {
            self.kind = kind
            (beginsBox, endsLines) = (false, false)
            switch kind {
            case .link: color = nil
            case .control: (color, ground) = (nil, nil)
            // What stands in a table and in no cell is shown before the table.
            case .inline where around == .row: hasEffects = true
            default: break
            }
            if kind == .link || kind == .control || hasEffects { isUnseenByColour = false }
        }

        /// Takes over what decides whether text is seen. What a parent hides for good stays hidden.
        mutating func wear(_ style: DeclaredStyle) {
            let isBox = style.isBox ?? kind.isBox
            beginsBox = isBox && !kind.isBox
            endsLines = beginsBox && style.standsAlone
            if style.isUndisplayed { isUndisplayed = true }
            if style.isTransparent || isBox && style.isTransparentBox { isTransparent = true }
            // Tables and their parts grow with what is in them.
            let grows = style.isBox == nil && isOfTable
            if style.isClosed, isBox, !grows { isTransparent = true }
            if let own = style.isInvisible { isInvisible = own }
            if let own = style.isTiny { (isTiny, hasNoLetters) = (own, style.hasNoLetters) }
            if style.hasLargerLetters, !hasNoLetters { isTiny = false }
            if let own = style.isIndentedAway { isIndentedAway = own }
            if style.hasEffects { hasEffects = true }
            if case .colour(let own) = style.color { color = own }
            if case .unknown = style.color { color = nil }
            switch style.ground {
            case .asAround: break
            case .unknown: ground = nil
            case .colour(let own): ground = own.alpha == 255 ? own : ground.map(own.over)
            }
            if style.hasPicture || style.isFlat { ground = nil }
            isUnseenByColour = false
            if !hasEffects, let color, let ground {
                isUnseenByColour = color.over(ground).isNear(ground)
            }
        }

        /// - Parameter line: how many lines were begun before and with the element.
        mutating func beginLine(_ line: Int) {
            if kind.isBox || beginsBox { lineAway = isIndentedAway ? line : nil }
        }

        /// Whether text in line `line` is the beginning of a box that begins off the page.
        func isIndentedAway(in line: Int) -> Bool {
            lineAway == line && !isPreformatted && kind != .row
        }
    }
}
