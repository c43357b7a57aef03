import FlyingFox
import FlyingSocks
import Foundation
import StaticAssets

extension HTTPBodySequence {
  /// The pieces of `response`, whose file is `file`.
  init(_ response: PreparedResponse, _ file: BodyFile) {
    let body = FileBody(pieces: response.pieces, file: file)
    let count = Int(response.plain.bodyByteCount)
    self.init(from: body, count: count, suggestedBufferSize: 128 << 10)
  }
}

/// A body that is read from its file while it is sent.
private struct FileBody: AsyncBufferedSequence {
  typealias Element = UInt8

  let pieces: [BodyPiece]
  let file: BodyFile

  func makeAsyncIterator() -> Iterator { Iterator(file: file, pieces: pieces[...]) }

  struct Iterator: AsyncBufferedIteratorProtocol {
    let file: BodyFile
    var pieces: ArraySlice<BodyPiece>
    /// The unsent rest of the current piece.
    var rest: Range<Int64> = 0..<0

    mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

    /// Blocks on the disk, as FlyingFox does when it reads files on these threads.
    mutating func nextBuffer(suggested count: Int) async throws -> Data? {
      while rest.isEmpty {
        switch pieces.popFirst() {
        case nil: return nil
        case .bytes(let bytes): return Data(bytes)
        case .file(_, let offset, let byteCount): rest = offset..<(offset + byteCount)
        // Only representations in memory have such pieces, and these have no file.
        case .memory: preconditionFailure("in memory and in a file")
        }
      }
      var data = Data(count: Swift.min(count, rest.count))
      try data.withUnsafeMutableBytes { try file.read(into: $0, at: rest.lowerBound) }
      rest = (rest.lowerBound + Int64(data.count))..<rest.upperBound
      return data
    }
  }
}
