internal import Glibc
package import StaticAssets

/// The environment of the process.
package enum Environment {
  /// The value of a variable, with invalid UTF-8 replaced; nil if it is unset or empty.
  package static func value(_ name: String) -> String? { path(name)?.description }

  /// The bytes of the value of a variable; nil if it is unset or empty.
  package static func path(_ name: String) -> BytePath? {
    // Copied immediately, because setenv(3) on another thread may change it.
    guard let value = unsafe getenv(name) else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
    return unsafe bytes.isEmpty ? nil : BytePath(bytes)
  }
}
