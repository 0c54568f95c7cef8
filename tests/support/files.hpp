// A folder of small files that stands for /proc or /sys.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace beta::testing {

class Files {
  public:
    Files() {
        auto name = (std::filesystem::temp_directory_path() / "beta-files-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("mkdtemp " + name);
        root_ = name;
    }
    ~Files() { std::filesystem::remove_all(root_); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    void write(const std::string& path, const std::string& text) const {
        std::filesystem::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path) << text;
    }
    const std::filesystem::path& root() const noexcept { return root_; }

  private:
    std::filesystem::path root_;
};

/// Whole; empty when it is not there.
inline std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace beta::testing
