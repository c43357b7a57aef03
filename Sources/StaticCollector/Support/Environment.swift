internal import Glibc

/// The process's environment.
package enum Environment {
  /// The value of a variable; nil when it is not set or empty.
  package static func value(_ name: String) -> String? {
    // The value is copied at once: setenv(3) of another thread would change it.
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
