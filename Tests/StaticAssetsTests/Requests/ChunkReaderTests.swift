import Testing

@testable import StaticAssets

/// Content in the chunked transfer coding, valid and invalid.
///
/// Goal: every rule of RFC 9112 §7.1, and the limits on bytes that are not content. Method: a
/// table; each row is read whole, byte by byte, and split at every byte, always with the same
/// outcome.
@Suite struct ChunkReaderTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    /// The content; nil if the text is malformed.
    let content: String?
    init(_ text: String, _ content: String?) {
      self.text = text
      self.content = content
    }
    var testDescription: String { String(text.debugDescription.prefix(100)) }
  }

  static let valid = [
    Row("0\r\n\r\n", ""),
    Row("3\r\nabc\r\n0\r\n\r\n", "abc"),
    Row("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde"),
    Row("0003\r\nabc\r\n000\r\n\r\n", "abc"),
    Row("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
    Row("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
    Row("10\r\n0123456789abcdef\r\n0\r\n\r\n", "0123456789abcdef"),
    Row("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
    // §7.1.1: extensions
    Row("3;a\r\nabc\r\n0\r\n\r\n", "abc"),
    Row("3;a=b\r\nabc\r\n0;c\r\n\r\n", "abc"),
    Row("3 ; a = b ; c\t;\td=\"e\"\r\nabc\r\n0\r\n\r\n", "abc"),
    Row("3;a=\"b;\\\"c\\\\ \u{E9}\"\r\nabc\r\n0\r\n\r\n", "abc"),
    Row("3;a=\"\";b\r\nabc\r\n0\r\n\r\n", "abc"),
    // §7.1.2: trailers
    Row("0\r\nA: b\r\n\r\n", ""),
    Row("0\r\nA:\r\nB:\tc d \r\n\r\n", ""),
    Row("1\r\nx\r\n0\r\nContent-Length: 5\r\n\r\n", "x"),
  ]

  static let invalid = [
    // The size
    "\r\n", " 3\r\nabc\r\n0\r\n\r\n", "x\r\n", "0x3\r\nabc", "-3\r\nabc", "+3\r\nabc", "3 \r\nabc",
    "3\t\r\nabc", "3\nabc", "3\rabc", "3\r\r\nabc", "3,4\r\nabc", "\u{FF13}\r\nabc",
    "1000000000000000\r\n", "ffffffffffffffff\r\n", "10000000000000003\r\nabc", "3.0\r\nabc",
    ";a\r\nabc",
    // The data
    "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "3\r\nabc\r0\r\n\r\n",
    "3\r\nabc\r\n\r\n",
    // Extensions
    "3;\r\nabc", "3;a;\r\nabc", "3;=b\r\nabc", "3;a=\r\nabc", "3;a=b c\r\nabc", "3;a b\r\nabc",
    "3;a \r\nabc", "3;a=\"b\r\nabc", "3;a=\"b\"c\r\nabc", "3;a\nabc", "3;a\rb\r\nabc",
    "3;a=\"\n\"\r\nabc", "3;a=\"\\\r\"\r\nabc", "3;a=\u{1}\r\nabc", "3;a=\"\u{0}\"\r\nabc",
    "3;a=\"\u{7F}\"\r\nabc", "3;a==b\r\nabc", "3 a\r\nabc", "3;{}\r\nabc",
    // Trailers
    "0\r\n\n", "0\r\n\r\r", "0\r\n: b\r\n\r\n", "0\r\nA b\r\n\r\n", "0\r\nA : b\r\n\r\n",
    "0\r\nA: b\n\r\n", "0\r\nA: b\rc\r\n\r\n", "0\r\n A: b\r\n\r\n", "0\r\nA: b\r\n c\r\n\r\n",
    "0\r\nA: \u{0}\r\n\r\n", "0\n\r\n", "0\r\nGET / HTTP/1.1\r\n\r\n",
  ].map { Row($0, nil) }

  /// The result of reading: the content and the bytes after it, nil if malformed.
  private struct Reading: Equatable {
    var content: [UInt8] = []
    var consumed = 0
    var step = ChunkReader.Step.incomplete
  }

  /// Reads `pieces` one after the other, as if received separately.
  private func read(_ pieces: [[UInt8]]) -> Reading {
    var reader = ChunkReader()
    var reading = Reading()
    for piece in pieces {
      let bytes = piece.span
      var position = 0
      repeat {
        reading.step = reader.next(bytes, at: &position)
        if case .data(let range) = reading.step { reading.content += piece[range] }
      } while reading.step != .incomplete && reading.step != .end && reading.step != .malformed
      reading.consumed += position
      if reading.step != .incomplete { break }
    }
    return reading
  }

  @Test("valid content is read, however the bytes are split", arguments: valid)
  func reads(row: Row) throws {
    let text = Array(row.text.utf8)
    let behind = Array("GET / HTTP".utf8)
    let expected = Reading(
      content: Array(try #require(row.content).utf8),
      consumed: text.count,
      step: .end
    )
    #expect(read([text]) == expected)
    #expect(read([text + behind]) == expected)
    #expect(read((text + behind).map { [$0] }) == expected)
    for cut in 0...text.count {
      #expect(read([Array(text[..<cut]), text[cut...] + behind]) == expected, "cut at \(cut)")
      if cut < text.count { #expect(read([Array(text[..<cut])]).step == .incomplete) }
    }
  }

  @Test("malformed content is refused, however the bytes are split", arguments: invalid)
  func refuses(row: Row) {
    let text = Array(row.text.utf8)
    let whole = read([text])
    #expect(whole.step == .malformed)
    #expect(read(text.map { [$0] }) == whole)
    for cut in 0...text.count {
      #expect(read([Array(text[..<cut]), Array(text[cut...])]) == whole, "cut at \(cut)")
    }
  }

  @Test func staysMalformed() {
    var reader = ChunkReader()
    let bytes = Array("x0\r\n\r\n".utf8)
    var position = 0
    for _ in 0..<5 { #expect(reader.next(bytes.span, at: &position) == .malformed) }
  }

  @Test("the largest size", arguments: ["fffffffffffffff", "0000000fffffffffffffff"])
  func largest(size: String) {
    var reader = ChunkReader()
    let bytes = Array("\(size)\r\nabc".utf8)
    var position = 0
    #expect(reader.next(bytes.span, at: &position) == .data(size.count + 2..<bytes.count))
    #expect(reader.remaining == (1 << 60) - 1 - 3)
  }

  @Test("extensions up to their limit", arguments: [-1, 0, 1])
  func extensions(beyond: Int) {
    let count = ChunkReader.overheadMax - "3;\r\n".utf8.count + beyond
    let text = "3;\(String(repeating: "a", count: count))\r\nabc\r\n0\r\n\r\n"
    #expect(read([Array(text.utf8)]).step == (beyond > 0 ? .malformed : .end))
  }

  @Test("trailers up to their limit", arguments: [-1, 0, 1])
  func trailers(beyond: Int) {
    let count = ChunkReader.trailerBytesMax - "A:\r\n\r\n".utf8.count + beyond
    let text = "0\r\nA:\(String(repeating: "a", count: count))\r\n\r\n"
    #expect(read([Array(text.utf8)]).step == (beyond > 0 ? .malformed : .end))
  }

  @Test("many small chunks are accepted, many extensions are not")
  func overhead() {
    let plain = String(repeating: "1\r\nx\r\n", count: 100_000) + "0\r\n\r\n"
    #expect(read([Array(plain.utf8)]).content.count == 100_000)
    let line = "1;\(String(repeating: "a", count: 100))\r\nx\r\n"
    let padded = String(repeating: line, count: 1000) + "0\r\n\r\n"
    let reading = read([Array(padded.utf8)])
    #expect(reading.step == .malformed)
    #expect(reading.content.count < 250)
  }

  @Test("content with a length ends after that many bytes", arguments: [1, 2, 5, 6])
  func length(count: Int) {
    let bytes = Array("abcdef".utf8)
    var reader = ContentReader(.length(Int64(count)))
    var position = 0
    #expect(reader.next(bytes.span, at: &position) == .data(0..<count))
    #expect(reader.next(bytes.span, at: &position) == .end)
    #expect(position == count)
    #expect(reader.byteCount == Int64(count))
  }

  @Test("content is skipped up to a limit", arguments: [2, 3, 4])
  func skipping(byteCountMax: Int64) {
    for (content, text) in [
      (RequestContent.length(3), "abcGET"), (.chunked, "2\r\nab\r\n1\r\nc\r\n0\r\n\r\nGET"),
    ] {
      let bytes = Array(text.utf8)
      var reader = ContentReader(content)
      var position = 0
      let outcome = reader.skip(bytes.span, at: &position, byteCountMax: byteCountMax)
      #expect(outcome == (byteCountMax < 3 ? .tooLarge : .end))
      if outcome == .end { #expect(bytes[position...].elementsEqual("GET".utf8)) }
    }
  }
}
