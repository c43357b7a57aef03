internal import Glibc

/// What people read: results on standard output, diagnostics and notices on standard error.
enum Console {
  /// Writes a line of the result.
  static func print(_ line: String) {
    write(line, to: 1)
  }

  /// Writes a result that is no line of text.
  static func print(bytes: [UInt8]) {
    put(bytes, to: 1)
  }

  /// Writes what a server tells of its work, to standard error: requests alone are on standard
  /// output.
  static func notice(_ line: String) {
    if Notice.isJSON {
      put(Notice(.info, line).json, to: 2)
    } else {
      write(line, to: 2)
    }
  }

  /// Writes a diagnostic, marked with the program's name.
  static func diagnose(_ line: String) {
    if Notice.isJSON {
      put(Notice(diagnostic: line).json, to: 2)
    } else {
      write("staticd: \(line)", to: 2)
    }
  }

  /// Writes what another program said, line by line as it is; nothing when that is nothing.
  static func diagnose(text: String) {
    let end = text.lastIndex { !$0.isNewline }
    if let end { write(String(text[...end]), to: 2) }
  }

  /// Writes to standard error as it is, for what draws on a terminal.
  static func draw(_ text: String) {
    put(Array(text.utf8), to: 2)
  }

  /// Writes at once, so that lines of both streams keep their order.
  private static func write(_ line: String, to descriptor: Int32) {
    put(Array("\(line)\n".utf8), to: descriptor)
  }

  private static func put(_ content: [UInt8], to descriptor: Int32) {
    var bytes = content[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      // A closed pipe is the reader's decision, and there is nowhere left to say so.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
