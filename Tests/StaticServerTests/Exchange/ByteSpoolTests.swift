import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// Bytes that wait to be sent.
///
/// Goal: the same bytes are returned, from any offset and more than once, in memory or in a file.
/// Method: the writes are done here, where a server has a thread for them.
@Suite struct ByteSpoolTests {
  private let directory = TemporaryDirectory()

  /// Performs the pending writes of `spool`, at most `limit` of them.
  private func write(
    _ spool: inout ByteSpool,
    _ budget: SpoolBudget,
    in path: String? = nil,
    limit: Int = .max
  ) {
    var count = 0
    while count < limit,
      let (file, offset, bytes) = spool.nextWrite({
        SpoolFile(in: BytePath(path ?? directory.path), budget)
      })
    {
      count += 1
      let code = file.write(bytes, at: offset)
      spool.noteWritten(
        SpoolWrite.Result(
          exchange: .none,
          direction: .request,
          file: file,
          code: code,
          bytes: bytes
        )
      )
    }
  }

  private func append(_ bytes: [UInt8], to spool: inout ByteSpool, mayUseFile: Bool = true) {
    bytes.withUnsafeBytes { spool.append($0, mayUseFile: mayUseFile) }
  }

  /// Everything that can be sent from `offset` on, through a socket.
  private func sent(_ spool: borrowing ByteSpool, from offset: Int64) throws -> [UInt8] {
    var pair: [Int32] = [0, 0]
    try #require(
      socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0
    )
    let ours = Descriptor(owning: pair[0])
    let theirs = Descriptor(owning: pair[1])
    var position = offset
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while position < spool.sendableCount {
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
    let more = spool.send(to: ours.number, from: position)
    #expect(more == 0)
    return result
  }

  @Test("below, at and above the memory limit", arguments: [999, 1000, 1001, 5000], [1, 7, 500])
  func boundary(byteCount: Int, piece: Int) throws {
    let budget = SpoolBudget(byteCountMax: 1 << 20)
    let bytes = TemporaryDirectory.pattern(byteCount)
    var spool = ByteSpool(memoryBytesMax: 1000)
    for _ in 0..<2 {
      for start in stride(from: 0, to: byteCount, by: piece) {
        append(Array(bytes[start..<min(start + piece, byteCount)]), to: &spool)
        write(&spool, budget)
      }
      let (count, sendableCount) = (spool.count, spool.sendableCount)
      #expect(count == Int64(byteCount))
      #expect(sendableCount == Int64(byteCount))
      #expect((budget.byteCount > 0) == (byteCount > 1000))
      for offset in [0, 1, byteCount / 2, byteCount - 1, byteCount] {
        let taken = try sent(spool, from: Int64(offset))
        #expect(taken == Array(bytes[offset...]))
      }
      spool.clear()
      let rest = spool.count
      #expect(rest == 0)
      #expect(budget.byteCount == 0)
      #expect(directory.files().isEmpty)
    }
  }

  @Test("unwritten bytes are not sent, and later follow in order")
  func unwritten() throws {
    let budget = SpoolBudget(byteCountMax: 1 << 20)
    let bytes = TemporaryDirectory.pattern(3000)
    var spool = ByteSpool(memoryBytesMax: 1000)
    append(Array(bytes[..<900]), to: &spool)
    append(Array(bytes[900..<2000]), to: &spool)
    let unwrittenCount = spool.unwrittenCount
    #expect(unwrittenCount == 1100)
    let first = try sent(spool, from: 0)
    #expect(first == Array(bytes[..<900]))
    write(&spool, budget, limit: 1)
    append(Array(bytes[2000...]), to: &spool)
    let second = try sent(spool, from: 900)
    #expect(second == Array(bytes[900..<2000]))
    write(&spool, budget)
    let third = try sent(spool, from: 0)
    #expect(third == bytes)
  }

  @Test("a late result for a discarded file is ignored")
  func staleResult() {
    let budget = SpoolBudget(byteCountMax: 1 << 20)
    var spool = ByteSpool(memoryBytesMax: 0)
    append([1, 2, 3], to: &spool)
    let old = spool.nextWrite { SpoolFile(in: BytePath(directory.path), budget) }
    spool.clear()
    append([4, 5], to: &spool)
    _ = spool.nextWrite { SpoolFile(in: BytePath(directory.path), budget) }
    if let old {
      spool.noteWritten(
        SpoolWrite.Result(exchange: .none, direction: .request, file: old.file, code: 0, bytes: [])
      )
    }
    let (isWriting, sendableCount) = (spool.isWriting, spool.sendableCount)
    #expect(isWriting)
    #expect(sendableCount == 0)
  }

  @Test(
    "if the file cannot be created, or the budget is exceeded, all bytes stay in memory",
    arguments: [true, false]
  )
  func failure(hasDirectory: Bool) throws {
    let budget = SpoolBudget(byteCountMax: hasDirectory ? 99 : 1 << 20)
    var spool = ByteSpool(memoryBytesMax: 10)
    let bytes = TemporaryDirectory.pattern(100)
    append(bytes, to: &spool)
    write(&spool, budget, in: hasDirectory ? nil : directory.path("none"))
    let hasFailed = spool.hasFailed
    #expect(hasFailed)
    let taken = try sent(spool, from: 0)
    #expect(taken == bytes)
    spool.clear()
    #expect(budget.byteCount == 0)
    append(bytes, to: &spool, mayUseFile: false)
    let unwrittenCount = spool.unwrittenCount
    #expect(unwrittenCount == 0)
  }
}
