// SPDX-License-Identifier: Apache-2.0
//
// mutabik-pdf: a PDF on standard input → its text on standard output.
//
// A program of its own, because a library for PDF is large, reads what strangers wrote, and has had
// its holes: it runs locked in (lockin.h), for one PDF, and ends. That the library's licence (GPL)
// concerns this program alone is the other reason.
//
// Output: one line `ok BYTES`, `cut BYTES`, `encrypted 0`, `without_text 0` or `unreadable 0`, then
// that many bytes of UTF-8: a line for each line of the pages, a tab between cells. `cut`: pages or
// words are missing. The exit code is 0 for `ok` and `cut`, 65 for the others, 71 when the process
// could not be locked in; then nothing is written.

#include <fcntl.h>
#include <iconv.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-page.h>

#include "layout.h"
#include "lockin.h"

namespace {

// The agent hands over at most this much; a receipt has 50–500 KB.
constexpr size_t kInputBytesMax = 8 << 20;
// A receipt has one page or two, a day's statement of a busy account ten.
constexpr int kPagesMax = 20;
// A page full of small print holds 1,500 words.
constexpr size_t kWordsMax = 40000;
// What the agent keeps of one text.
constexpr size_t kTextBytesMax = 256 << 10;

bool write_all(const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(1, bytes, count);
        if (written <= 0) return false;
        bytes += written;
        count -= static_cast<size_t>(written);
    }
    return true;
}

// Ends without the destructors: what a broken PDF left in memory is not walked through again.
[[noreturn]] void finish(const char *outcome, const std::string &text = "") {
    std::string head = std::string(outcome) + ' ' + std::to_string(text.size()) + '\n';
    bool isWritten = write_all(head.data(), head.size()) && write_all(text.data(), text.size());
    _exit(isWritten && (!strcmp(outcome, "ok") || !strcmp(outcome, "cut")) ? 0 : 65);
}

std::vector<char> read_input() {
    std::vector<char> input;
    // The pages of a large buffer would be filled for every small receipt.
    char piece[64 << 10];
    for (;;) {
        ssize_t count = read(0, piece, sizeof piece);
        if (count <= 0) return input;
        if (input.size() + static_cast<size_t>(count) > kInputBytesMax) finish("unreadable");
        input.insert(input.end(), piece, piece + count);
    }
}

// By hand: after the process is locked in no table of the C library can be loaded.
std::string utf8(const poppler::ustring &text) {
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        uint32_t code = text[i];
        if (code >= 0xD800 && code < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 &&
            text[i + 1] < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (text[++i] - 0xDC00u);
        }
        if ((code >= 0xD800 && code < 0xE000) || code < 0x20) continue;
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xC0 | code >> 6);
            out += static_cast<char>(0x80 | (code & 63));
        } else if (code < 0x10000) {
            out += static_cast<char>(0xE0 | code >> 12);
            out += static_cast<char>(0x80 | (code >> 6 & 63));
            out += static_cast<char>(0x80 | (code & 63));
        } else {
            out += static_cast<char>(0xF0 | code >> 18);
            out += static_cast<char>(0x80 | (code >> 12 & 63));
            out += static_cast<char>(0x80 | (code >> 6 & 63));
            out += static_cast<char>(0x80 | (code & 63));
        }
    }
    return out;
}

[[noreturn]] void read_pdf() {
    std::vector<char> input = read_input();
    std::unique_ptr<poppler::document> document(poppler::document::load_from_raw_data(
        input.data(), static_cast<int>(input.size())));
    if (!document) finish("unreadable");
    if (document->is_locked()) finish("encrypted");
    int pages = document->pages();
    bool isCut = pages > kPagesMax;
    size_t words = 0;
    std::string text;
    for (int index = 0; index < pages && index < kPagesMax; ++index) {
        std::unique_ptr<poppler::page> page(document->create_page(index));
        if (!page) continue;
        std::vector<Word> onPage;
        for (const poppler::text_box &box : page->text_list()) {
            // What is written sideways along an edge would tear the lines apart.
            if (box.rotation() != 0) continue;
            if (words++ >= kWordsMax) break;
            poppler::rectf place = box.bbox();
            onPage.push_back(
                {place.left(), place.top(), place.right(), place.bottom(), utf8(box.text())});
        }
        text += lines_of(std::move(onPage));
        if (words > kWordsMax || text.size() > kTextBytesMax) {
            isCut = true;
            break;
        }
    }
    if (text.size() > kTextBytesMax) {
        // Back to the end of a line, so that no letter is torn.
        size_t end = text.rfind('\n', kTextBytesMax);
        text.resize(end == std::string::npos ? 0 : end + 1);
    }
    if (text.empty() && !isCut) finish(pages > 0 ? "without_text" : "unreadable");
    finish(isCut ? "cut" : "ok", text);
}

// Things that only a PDF which broke the library would do. The tests ask for them to see the process
// end; nobody is given anything by them, as they happen locked in.
int attempt(const std::string &what, pid_t agent) {
    if (what == "nothing") return 0;
    // Signal 0 asks whether one could be sent.
    if (what == "signal-agent") return static_cast<int>(syscall(SYS_tgkill, agent, agent, 0));
    if (what == "signal-group") return kill(0, 0);
    if (what == "abort") abort();
    if (what == "socket") return socket(AF_INET, SOCK_STREAM, 0);
    if (what == "local-socket") return socket(AF_UNIX, SOCK_STREAM, 0);
    if (what == "write-file") return open("/tmp/mutabik-pdf", O_WRONLY | O_CREAT, 0600);
    if (what == "read-file") return open("/etc/passwd", O_RDONLY);
    if (what == "program") return execl("/bin/true", "true", nullptr);
    if (what == "process") return fork();
    if (what == "remove-file") return unlink("/tmp/mutabik-pdf");
    if (what == "code") {
        void *page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return page == MAP_FAILED ? -1 : 0;
    }
    if (what == "memory") {
        void *pages = mmap(nullptr, 1UL << 30, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return pages == MAP_FAILED ? -1 : 0;
    }
    if (what == "processor") for (volatile unsigned turn = 0;; ++turn) {}
    return 64;
}

}  // namespace

int main(int count, char **arguments) {
    // The library reads the text of words with these tables of the C library; they have to be there
    // before, and stay.
    iconv_t there = iconv_open("UTF-16", "UTF-8");
    iconv_t back = iconv_open("UTF-8", "UTF-16");
    if (there == iconv_t(-1) || back == iconv_t(-1)) _exit(71);
    (void)poppler::ustring::from_utf8("a").to_utf8();
    poppler::set_debug_error_function([](const std::string &, void *) {}, nullptr);
    pid_t agent = getppid();
    if (lock_in() != 0) _exit(71);
    if (count == 3 && !strcmp(arguments[1], "--attempt")) {
        int result = attempt(arguments[2], agent);
        // 3: refused without the end of the process.
        _exit(result == -1 ? 3 : result == 64 ? 64 : 0);
    }
    if (count != 1) _exit(64);
    try {
        read_pdf();
    } catch (...) {
        finish("unreadable");
    }
}
