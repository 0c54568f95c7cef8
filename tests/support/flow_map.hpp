// Flow map: YAML of one line, written by tests that make policies.
#pragma once

#include <string>
#include <vector>

namespace beta::support {

inline std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "\"" : ", \"") + word + '"';
    return '[' + out + ']';
}

/// Its members, one after the other; an empty list is left out.
class FlowMap {
  public:
    void add(const std::string& key, const std::string& value) {
        text_ += (text_.empty() ? "" : ", ") + key + ": " + value;
    }
    void add(const std::string& key, const std::vector<std::string>& words) {
        if (!words.empty())
            add(key, joined(words));
    }
    std::string str() const { return '{' + text_ + '}'; }
    bool empty() const { return text_.empty(); }

  private:
    std::string text_;
};

}  // namespace beta::support
