// SPDX-License-Identifier: Apache-2.0
//
// Words with their places on a page → lines with cells, as a person reads them.

#ifndef MUTABIK_PDF_LAYOUT_H
#define MUTABIK_PDF_LAYOUT_H

#include <string>
#include <vector>

/// A word and its box; points from the upper left corner of the page.
struct Word {
    double left, top, right, bottom;
    /// UTF-8.
    std::string text;
};

/// The words as text: a line feed after every line, a tab between cells, a blank between words.
///
/// Words stand on one line when the middle of one is within the height of the other. A gap as wide
/// as the letters are high begins a new cell: blanks between words are a third of that.
std::string lines_of(std::vector<Word> words);

#endif
