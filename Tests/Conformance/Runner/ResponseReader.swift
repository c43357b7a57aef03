import Foundation

/// Reads responses from a connection, strictly.
final class ResponseReader {
  private let connection: Connection
  private var received: [UInt8] = []
  private var isAtEnd = false

  init(_ connection: Connection) { self.connection = connection }

  /// Reads the next final response, with the informational ones before it.
  ///
  /// - Parameter isHead: whether the request was HEAD, so that no content follows.
  /// - Returns: nil if the connection is closed before the first byte.
  /// - Throws: a `Violation`.
  func next(isHead: Bool) throws -> Response? {
    var interim: [Int] = []
    while var response = try head() {
      guard response.status / 100 != 1 else {
        interim.append(response.status)
        continue
      }
      response.body = try body(of: response, isHead: isHead)
      response.interim = interim
      return response
    }
    return nil
  }

  /// Waits for the end of the connection.
  ///
  /// - Throws: if more bytes arrive, or if it stays open.
  func expectEnd() throws {
    if try more() { throw Violation("\(received.count) bytes where the connection should end") }
  }

  private func head() throws -> Response? {
    var searched = 0
    while true {
      if let end = headEnd(from: searched) {
        defer { received.removeFirst(end) }
        return try ResponseHead.parse(received[..<end])
      }
      searched = max(0, received.count - 3)
      guard try !more(), isAtEnd else { continue }
      guard received.isEmpty else { throw Violation("the connection ends inside a head: \(text)") }
      return nil
    }
  }

  private func headEnd(from start: Int) -> Int? {
    guard received.count >= start + 4 else { return nil }
    return (start + 4...received.count).first {
      received[$0 - 4..<$0].elementsEqual("\r\n\r\n".utf8)
    }
  }

  private func body(of response: Response, isHead: Bool) throws -> [UInt8] {
    if isHead || response.status == 204 || response.status == 304 { return [] }
    if response["Transfer-Encoding"]?.lowercased() == "chunked" { return try chunks() }
    if let length = response["Content-Length"].flatMap({ Int($0) }) { return try take(length) }
    while try more() {}
    return try take(received.count)
  }

  private func chunks() throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      let line = try takeLine()
      guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else {
        throw Violation("the chunk size '\(line)'")
      }
      guard size > 0 else { break }
      body += try take(size)
      guard try takeLine().isEmpty else { throw Violation("a chunk longer than its size") }
    }
    // Skips the trailer fields.
    while try !takeLine().isEmpty {}
    return body
  }

  private func takeLine() throws -> String {
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        guard end > 0, received[end - 1] == 0x0D else { throw Violation("a bare LF in chunks") }
        return String(decoding: try take(end + 1).dropLast(2), as: UTF8.self)
      }
      guard try more() else { throw Violation("the connection ends inside chunks") }
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while received.count < count {
      guard try more() else {
        throw Violation("the content ends after \(received.count) of \(count) bytes")
      }
    }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }

  /// Receives once; false at the end of the connection.
  private func more() throws -> Bool {
    guard !isAtEnd else { return false }
    switch connection.receive(until: Date(timeIntervalSinceNow: connection.patience)) {
    case .bytes(let bytes):
      received += bytes
      return true
    case .end:
      isAtEnd = true
      return false
    case .nothing:
      throw Violation(
        "nothing for \(connection.patience) s, after \(received.count) bytes: \(text)"
      )
    }
  }

  /// The start of the received bytes, for messages.
  private var text: String {
    String(decoding: received.prefix(60), as: UTF8.self).debugDescription
  }
}
