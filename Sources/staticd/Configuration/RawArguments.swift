internal import CLinux
internal import Glibc

/// The command line as the kernel has it: bytes in any encoding.
///
/// `CommandLine.arguments` replaces what is not UTF-8, and an app would be given other words than the
/// user wrote. It also comes from /proc, which an empty root lacks.
enum RawArguments {
  /// The bytes of each word, the program's name first, without the NUL at their ends.
  static var words: [[UInt8]] {
    // The kernel ends each word with a NUL, and the array lives as long as the process. execve(2)
    (0..<clinux_argument_count()).compactMap { index in
      unsafe clinux_argument(index).map { unsafe [UInt8](cString: $0) }
    }
  }

  /// The words behind the program's name; what is not UTF-8 is replaced.
  static var texts: [String] {
    words.dropFirst().map { String(decoding: $0, as: UTF8.self) }
  }
}

extension [UInt8] {
  /// The bytes of a C string, without its NUL, which must be there.
  init(cString start: UnsafePointer<CChar>) {
    let count = unsafe strlen(start)
    self = unsafe UnsafeBufferPointer(start: start, count: count).map { UInt8(bitPattern: $0) }
  }
}
