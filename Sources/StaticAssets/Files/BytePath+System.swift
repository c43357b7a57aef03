#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension BytePath {
  /// Calls `body` with the path as a C string; valid during the call.
  ///
  /// No file has a path with a NUL byte. Such a path is passed as the empty path, so that the
  /// kernel reports ENOENT.
  package func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = bytes.contains(0) ? [] : bytes.map { CChar(bitPattern: $0) }
    terminated.append(0)
    return unsafe terminated.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("the buffer is empty") }
      return unsafe body(start)
    }
  }

  /// The absolute path with all symbolic links resolved; nil when it does not exist. realpath(3)
  package var resolved: BytePath? {
    unsafe withCString { name in
      guard let result = unsafe realpath(name, nil) else { return nil }
      defer { unsafe free(result) }
      return unsafe result.withMemoryRebound(to: UInt8.self, capacity: 1) { start in
        unsafe BytePath(UnsafeBufferPointer(start: start, count: strlen(result)))
      }
    }
  }

  /// The absolute path; symbolic links are not resolved. getcwd(3)
  package var absolute: BytePath {
    guard bytes.first != UInt8(ascii: "/") else { return self }
    return (BytePath(".").resolved ?? BytePath("/")).appending(self)
  }

  /// Whether this resolved path is `other` or below it.
  package func isInside(_ other: BytePath) -> Bool {
    self == other || bytes.starts(with: other.appending(BytePath("")).bytes)
  }
}
