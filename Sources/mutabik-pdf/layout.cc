// SPDX-License-Identifier: Apache-2.0

#include "layout.h"

#include <algorithm>
#include <cmath>

namespace {

// Of the height of the letters; see layout.h. Letters of one word that a font sets wide apart stand
// up to a tenth of it from one another.
constexpr double kCellGap = 1.0;
constexpr double kWordGap = 0.1;

bool is_sane(const Word &word) {
    for (double edge : {word.left, word.top, word.right, word.bottom})
        if (!std::isfinite(edge) || std::fabs(edge) > 1e6) return false;
    return !word.text.empty();
}

double middle(const Word &word) { return (word.top + word.bottom) / 2; }

void put_line(std::vector<Word>::iterator first, std::vector<Word>::iterator last,
              std::string &out) {
    std::sort(first, last,
                     [](const Word &a, const Word &b) { return a.left < b.left; });
    for (auto word = first; word != last; ++word) {
        if (word != first) {
            double height = std::max(word->bottom - word->top, 1.0);
            double gap = word->left - (word - 1)->right;
            if (gap > height * kCellGap) out += '\t';
            else if (gap > height * kWordGap) out += ' ';
        }
        out += word->text;
    }
    out += '\n';
}

}  // namespace

std::string lines_of(std::vector<Word> words) {
    words.erase(std::remove_if(words.begin(), words.end(),
                               [](const Word &word) { return !is_sane(word); }),
                words.end());
    std::sort(words.begin(), words.end(), [](const Word &a, const Word &b) {
        return middle(a) < middle(b);
    });
    std::string out;
    auto first = words.begin();
    while (first != words.end()) {
        // The line reaches as far as the first word is high: a line of small print below does not
        // become part of it, nor does a drift from word to word lead to the next line.
        double reach = middle(*first) + std::max((first->bottom - first->top) / 2, 0.5);
        auto last = first;
        while (last != words.end() && middle(*last) < reach) ++last;
        if (last == first) ++last;
        put_line(first, last, out);
        first = last;
    }
    return out;
}
