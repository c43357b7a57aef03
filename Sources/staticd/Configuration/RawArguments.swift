internal import CLinux
internal import Glibc
internal import StaticAssets

/// The command line as the kernel provides it: bytes in any encoding.
///
/// `CommandLine.arguments` replaces invalid UTF-8, which would change the arguments of an app. It
/// also needs /proc, which an empty root directory lacks.
enum RawArguments {
  /// The bytes of each word, the program's name first, without the trailing NUL.
  static var words: [[UInt8]] {
    // The kernel ends each word with a NUL, and the array lives as long as the process. execve(2)
    (0..<clinux_argument_count()).compactMap { index in
      unsafe clinux_argument(index).map { unsafe [UInt8](cString: $0) }
    }
  }

  /// The words after the program's name.
  ///
  /// Invalid UTF-8 is replaced in the app's command only, which `AppCommand` reads as bytes.
  ///
  /// - Throws: `CommandFailure` for other words that are not UTF-8: replaced, they would name
  ///   another file.
  static func texts() throws -> [String] {
    let words = words.dropFirst()
    if let line = mistake(in: Array(words)) { throw CommandFailure(.usage, line) }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The error for words that have to be UTF-8 and are not; nil for none.
  static func mistake(in words: [[UInt8]]) -> String? {
    let isApps = words.first.map { $0 == Array("run".utf8) } ?? false
    let own = isApps ? Array(words.prefix { $0 != Array("--".utf8) }) : words
    let wrong = own.filter { String(validating: $0, as: UTF8.self) == nil }
    guard !wrong.isEmpty else { return nil }
    let names = wrong.map { "'\(BytePath($0).escaped)'" }.joined(separator: ", ")
    return wrong.count == 1
      ? "argument \(names) \(notUTF8)"
      : "arguments \(names) are not UTF-8; rename the files, or give symbolic links to them"
  }

  /// The problem with a name that is not UTF-8, which the value of an option must be.
  static let notUTF8 = "is not UTF-8; rename the file, or give a symbolic link to it"
}

extension [UInt8] {
  /// The bytes of a C string, without its terminating NUL.
  init(cString start: UnsafePointer<CChar>) {
    let count = unsafe strlen(start)
    self = unsafe UnsafeBufferPointer(start: start, count: count).map { UInt8(bitPattern: $0) }
  }
}
