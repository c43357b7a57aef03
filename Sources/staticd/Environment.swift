internal import CLinux
internal import Glibc

/// The process's environment.
enum Environment {
  /// The value of a variable; nil when it is not set or empty.
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// All variables, each as `NAME=VALUE`.
  static var all: [String] {
    var entries: [String] = []
    var index = 0
    while let entry = unsafe clinux_environment_entry(index) {
      unsafe entries.append(String(cString: entry))
      index += 1
    }
    return entries
  }
}
