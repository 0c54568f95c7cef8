// Goal: whatever way a file changes, the hook is called after it, and not when nothing has changed.
// Method: real folders; the hook reads the file, and a test waits for what it wrote to be read.

#include "beta/runtime/file_watch.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <functional>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

using namespace beta::testing;
using beta::runtime::FileWatch;
using beta::runtime::fingerprints_of;
using beta::runtime::LookPace;
namespace fs = std::filesystem;

namespace {

/// Only a failing test ever waits this long.
constexpr std::chrono::seconds bound{45};
const std::string none = "(none)";

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return file.is_open() ? std::string{std::istreambuf_iterator<char>(file), {}} : none;
}

/// A watch of one file, and what its hook has found there.
class Watched {
  public:
    explicit Watched(
        const fs::path& path, const std::function<void()>& between = [] {})
        : path_(path) {
        std::vector<std::string> paths{path};
        auto seen = fingerprints_of(paths);
        between();
        watch_.emplace(
            [paths] { return paths; }, std::move(seen),
            FileWatch::Hooks{.changed = [this] { find(); },
                             .trouble = [this](const std::string& words) { keep(words); }});
        watch_->start();
    }

    void stop() { watch_->stop(); }
    /// How often the hook was called until it found this.
    int calls_until(const std::string& text) {
        return calls_when([&] { return found_ == text; });
    }
    int calls_until(fs::perms mode) {
        return calls_when([&] { return mode_ == mode; });
    }
    int calls() {
        const std::scoped_lock lock(mutex_);
        return calls_;
    }

  private:
    void find() {
        const std::scoped_lock lock(mutex_);
        ++calls_;
        std::error_code absent;
        found_ = text_of(path_);
        mode_ = fs::status(path_, absent).permissions();
        changed_.notify_all();
    }
    void keep(const std::string& words) {
        const std::scoped_lock lock(mutex_);
        told_ = words;
    }
    template <class Condition>
    int calls_when(Condition condition) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, bound, condition))
            FAIL("the hook found \"" << found_ << "\" last, in call " << calls_ << "; " << told_);
        return calls_;
    }

    const fs::path path_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int calls_ = 0;
    std::string found_;
    fs::perms mode_{};
    std::string told_;
    std::optional<FileWatch> watch_;
};

/// As kubelet and careful tools do: the file is there whole, or not at all.
void replace(const fs::path& path, const std::string& text) {
    const fs::path beside = path.string() + ".new";
    std::ofstream(beside) << text;
    fs::rename(beside, path);
}

void point(const fs::path& link, const fs::path& target) {
    const fs::path beside = link.string() + ".new";
    fs::create_symlink(target, beside);
    fs::rename(beside, link);
}

/// By the time that another watch has seen two changes, none has a look to come: what changes now
/// must have an event of its own to be seen soon.
void let_settle() {
    const Files files;
    Watched other(files.root() / "other");
    for (const std::string text : {"one", "two"}) {
        files.write("other", text);
        other.calls_until(text);
    }
}

}  // namespace

TEST_CASE("a file that is written in place, replaced, removed and made again changes each time") {
    const Files files;
    files.write("acl", "one");
    Watched acl(files.root() / "acl");
    files.write("acl", "two");
    acl.calls_until("two");
    replace(files.root() / "acl", "three");
    acl.calls_until("three");
    fs::remove(files.root() / "acl");
    acl.calls_until(none);
    files.write("acl", "four");
    acl.calls_until("four");
    fs::rename(files.root() / "acl", files.root() / "away");
    acl.calls_until(none);
}

TEST_CASE("a key that others may read from now on is a change") {
    const Files files;
    files.write("key", "secret");
    fs::permissions(files.root() / "key", fs::perms::owner_read);
    Watched key(files.root() / "key");
    let_settle();
    const auto open = fs::perms::owner_read | fs::perms::group_read;
    fs::permissions(files.root() / "key", open);
    CHECK(key.calls_until(open) == 1);
}

TEST_CASE("the swap of a ConfigMap's link is a change, and so is one behind the new link") {
    const Files files;
    const auto& mount = files.root();
    files.write("..2026_01/acl", "one");
    fs::create_symlink("..2026_01", mount / "..data");
    fs::create_symlink("..data/acl", mount / "acl");
    Watched acl(mount / "acl");
    for (const std::string text : {"two", "three"}) {
        const auto old = fs::read_symlink(mount / "..data");
        files.write("..of_" + text + "/acl", text);
        point(mount / "..data", "..of_" + text);
        fs::remove_all(mount / old);
        acl.calls_until(text);
    }
    files.write("..of_three/acl", "four");
    acl.calls_until("four");
}

TEST_CASE("links are followed through other folders, and one to itself is no file") {
    const Files files;
    files.write("real/acl", "one");
    files.write("other/acl", "two");
    fs::create_directories(files.root() / "middle");
    fs::create_directories(files.root() / "named");
    fs::create_symlink("../real/acl", files.root() / "middle/acl");
    fs::create_symlink(files.root() / "middle", files.root() / "named/folder");
    Watched acl(files.root() / "named/folder/acl");
    point(files.root() / "middle/acl", "../other/../other/acl");
    acl.calls_until("two");
    files.write("other/acl", "three");
    acl.calls_until("three");
    point(files.root() / "middle/acl", "acl");
    acl.calls_until(none);
    point(files.root() / "named/folder", "../real");
    acl.calls_until("one");
}

TEST_CASE("a link that is moved away and back is followed") {
    const Files files;
    files.write("real/acl", "one");
    fs::create_directories(files.root() / "away");
    fs::create_directories(files.root() / "here");
    fs::create_symlink("../real/acl", files.root() / "here/acl");
    Watched acl(files.root() / "here/acl");
    let_settle();
    fs::rename(files.root() / "here/acl", files.root() / "away/acl");
    acl.calls_until(none);
    let_settle();
    fs::rename(files.root() / "away/acl", files.root() / "here/acl");
    acl.calls_until("one");
}

TEST_CASE("a folder may be replaced, go, and come back") {
    const Files files;
    files.write("acl.d/acl", "one");
    files.write("next.d/acl", "two");
    Watched acl(files.root() / "acl.d/acl");
    let_settle();
    fs::rename(files.root() / "acl.d", files.root() / "old.d");
    fs::rename(files.root() / "next.d", files.root() / "acl.d");
    acl.calls_until("two");
    files.write("acl.d/acl", "three");
    acl.calls_until("three");
    fs::remove_all(files.root() / "acl.d");
    acl.calls_until(none);
    files.write("acl.d/acl", "four");
    acl.calls_until("four");
}

TEST_CASE("a file whose folders are not there yet is seen when it comes") {
    const Files files;
    Watched acl(files.root() / "later/still/acl");
    files.write("later/still/acl", "one");
    acl.calls_until("one");
}

TEST_CASE("what was written between the load and the start of the watch is a change") {
    const Files files;
    files.write("acl", "one");
    Watched acl(files.root() / "acl", [&] { files.write("acl", "two"); });
    CHECK(acl.calls_until("two") == 1);
}

TEST_CASE("two writes of the same size at nearly the same time have two fingerprints") {
    const Files files;
    const std::vector<std::string> paths{files.root() / "acl"};
    files.write("acl", "one");
    for (int i = 0; i < 100; ++i) {
        const auto before = fingerprints_of(paths);
        files.write("acl", i % 2 == 0 ? "two" : "one");
        CHECK(fingerprints_of(paths) != before);
    }
}

TEST_CASE("events that leave the file as it was call nobody") {
    const Files files;
    files.write("acl", "one");
    Watched acl(files.root() / "acl");
    Watched other(files.root() / "other");
    files.write("other", "noise");  // in the same folder
    other.calls_until("noise");
    let_settle();
    replace(files.root() / "acl", "two");
    CHECK(acl.calls_until("two") == 1);
}

TEST_CASE("a storm of writes settles into few calls, the last of them with the last text") {
    const Files files;
    files.write("acl", "one");
    Watched acl(files.root() / "acl");
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 1; i <= 1'000; ++i)
        files.write("acl", std::to_string(i));
    const int calls = acl.calls_until("1000");
    const auto took = std::chrono::steady_clock::now() - begun;
    CHECK(calls <= took / LookPace::quiet + 1);
}

TEST_CASE("a watch that is stopped while files change calls nobody afterwards") {
    const Files files;
    files.write("acl", "one");
    Watched acl(files.root() / "acl");
    std::jthread writer([&](const std::stop_token& enough) {
        while (!enough.stop_requested())
            replace(files.root() / "acl", "two");
    });
    acl.calls_until("two");
    acl.stop();
    const int calls = acl.calls();
    writer = {};
    CHECK(acl.calls() == calls);
}

TEST_CASE("what cannot be watched is said once") {
    const Files files;
    std::vector<std::string> paths{files.root() / std::string(300, 'a'),
                                   files.root() / std::string(300, 'b')};
    std::vector<std::string> told;
    FileWatch watch(
        [&] { return paths; }, fingerprints_of(paths),
        {.changed = [] {}, .trouble = [&](const std::string& words) { told.push_back(words); }});
    watch.start();
    watch.stop();
    REQUIRE(told.size() == 1);
    CHECK(told.front().find("name too long") != std::string::npos);
}
