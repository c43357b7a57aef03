import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Bytes that wait to be sent.
///
/// Goal: they come out as they went in, from any offset and more than once, wherever they are kept.
@Suite struct ByteSpoolTests {
  private let directory = TemporaryDirectory()

  private func append(_ bytes: [UInt8], to spool: inout ByteSpool, _ directory: String?) -> Int {
    bytes.withUnsafeBytes { spool.append($0, fileIn: directory) }
  }

  /// Everything from `offset` on, through a socket.
  private func sent(_ spool: borrowing ByteSpool, from offset: Int64) throws -> [UInt8] {
    var pair: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    let ours = Descriptor(owning: pair[0])
    let theirs = Descriptor(owning: pair[1])
    var position = offset
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while position < spool.count {
      let count = spool.send(to: ours.number, from: position, byteCountMax: 3000)
      try #require(count > 0)
      position += Int64(count)
      var rest = count
      while rest > 0 {
        let taken = read(theirs.number, &buffer, min(rest, buffer.count))
        try #require(taken > 0)
        result += buffer[..<taken]
        rest -= taken
      }
    }
    return result
  }

  @Test("below, at and above what memory holds", arguments: [999, 1000, 1001, 5000], [1, 7, 500])
  func boundary(byteCount: Int, piece: Int) throws {
    let bytes = TemporaryDirectory.pattern(byteCount)
    var spool = ByteSpool(memoryBytesMax: 1000)
    for _ in 0..<2 {
      for start in stride(from: 0, to: byteCount, by: piece) {
        let part = Array(bytes[start..<min(start + piece, byteCount)])
        let result = append(part, to: &spool, directory.path)
        #expect(result == 0)
      }
      #expect(spool.count == Int64(byteCount))
      #expect(spool.memoryCount <= 1000)
      #expect(spool.usesFile == (byteCount > 1000))
      for offset in [0, 1, byteCount / 2, byteCount - 1, byteCount] {
        let taken = try sent(spool, from: Int64(offset))
        #expect(taken == Array(bytes[offset...]))
      }
      spool.clear()
      #expect(spool.count == 0)
      #expect(directory.files().isEmpty)
    }
  }

  @Test("without a directory all is in memory; without one that exists nothing is taken")
  func noDirectory() {
    var spool = ByteSpool(memoryBytesMax: 10)
    let bytes = [UInt8](repeating: 1, count: 100)
    let refused = append(bytes, to: &spool, directory.path("none"))
    #expect(refused < 0)
    #expect(spool.count == 0)
    let taken = append(bytes, to: &spool, nil)
    #expect(taken == 0)
    #expect(spool.memoryCount == 100)
  }
}
