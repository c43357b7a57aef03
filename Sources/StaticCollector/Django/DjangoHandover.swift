internal import CLinux
internal import Glibc
internal import StaticAssets

/// A connection to the Django process that started this one, so that Django is loaded only once.
///
/// The process is at the other end of a stream socket, whose descriptor is in the environment. Each
/// request is a line of JSON, `{"script": ..., "wanted": ...}`: Python functions, and what they
/// should return. The answer is a line of JSON in the format of ``DjangoAnswer``.
package struct DjangoHandover {
  /// The environment variable with the descriptor.
  static let variable = "STATICD_DJANGO_DESCRIPTOR"

  private let descriptor: Int32

  /// Nil if this process was not started by a Django process.
  package init?() {
    guard let text = Environment.value(Self.variable), let descriptor = Int32(text) else {
      return nil
    }
    self.descriptor = descriptor
  }

  /// Whether this process was started by a Django process.
  package static var isPresent: Bool { DjangoHandover() != nil }

  /// The answer to `wanted`, a JSON object.
  ///
  /// - Throws: when the other process has ended.
  func ask(_ wanted: String) throws(FileError) -> [UInt8] {
    var question = JSONText()
    question.add("{\"script\": ")
    question.add(string: Array(DjangoScript.functions.utf8))
    question.add(", \"wanted\": ")
    try send(question.bytes + Array(wanted.utf8) + Array("}\n".utf8))
    return try line()
  }

  private func send(_ bytes: [UInt8]) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe clinux_send(descriptor, $0.baseAddress, $0.count, 0)
      }
      if count == -Int(EINTR) { continue }
      guard count > 0 else { throw failure(Int32(-count)) }
      rest = rest.dropFirst(count)
    }
  }

  /// The bytes up to the end of a line; no bytes follow before the next request.
  private func line() throws(FileError) -> [UInt8] {
    var line: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while line.last != UInt8(ascii: "\n") {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(count < 0 ? errno : ECONNRESET) }
      line += piece[..<count]
    }
    return line
  }

  private func failure(_ code: Int32) -> FileError {
    let name = "the process in \(Self.variable)"
    return FileError(operation: "ask", path: name, code: code)
  }
}
