internal import Glibc

/// Arrays of C strings, as execve(2) takes them.
enum CStrings {
  /// Calls `body` with an array of pointers to `texts` as C strings, which ends with a null
  /// pointer.
  ///
  /// The pointers are valid until `body` returns. strdup(3)
  static func with<Result>(
    _ texts: [[UInt8]],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { unsafe copy($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }

  /// A copy for free(3) of the bytes as a C string, which ends at the first NUL.
  private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
    let characters = bytes.map { CChar(bitPattern: $0) } + [0]
    return unsafe characters.withUnsafeBufferPointer {
      unsafe $0.baseAddress.flatMap { unsafe strdup($0) }
    }
  }
}
