internal import CLinux
internal import StaticCollector

extension Environment {
  /// All variables, each as `NAME=VALUE`.
  static var all: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The same as bytes, in any encoding.
  static var bytes: [[UInt8]] {
    var entries: [[UInt8]] = []
    var index = 0
    while let entry = unsafe clinux_environment_entry(index) {
      unsafe entries.append([UInt8](cString: entry))
      index += 1
    }
    return entries
  }
}
