import Foundation
import StaticAssets
import TestSupport
import Testing

@testable import StaticServer

/// One loop on the test's own thread, with socket pairs as clients: one turn reads what was sent,
/// in exactly the same pieces.
struct LoopHarness: ~Copyable {
  var loop: EventLoop
  private let table: FileTable

  init(
    _ directory: TemporaryDirectory,
    _ change: (inout StaticServer.Configuration) -> Void = { _ in }
  )
    throws
  {
    var configuration = StaticServer.Configuration(listeners: [])
    change(&configuration)
    let table = try FileTable(root: directory.path)
    let loop = try EventLoop.create(
      table: table,
      configuration: configuration,
      mailbox: LoopMailbox(),
      listeners: []
    )
    self.table = table
    self.loop = loop
  }

  /// A new connection; returns the client's end.
  mutating func connect() throws -> Descriptor {
    var pair: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
    loop.begin(pair[0])
    return Descriptor(owning: pair[1])
  }

  /// Sends `bytes` and lets the loop read them.
  mutating func send(_ bytes: some Collection<UInt8>, _ client: borrowing Descriptor) throws {
    let bytes = Array(bytes)
    guard !bytes.isEmpty else { return }
    try #require(write(client.number, bytes, bytes.count) == bytes.count)
    loop.turn()
  }

  /// The statuses sent to the client since the last call; a final 0 if the connection is closed.
  func statuses(_ client: borrowing Descriptor) -> [Int] {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var text = ""
    var result: [Int] = []
    while true {
      let count = read(client.number, &buffer, buffer.count)
      if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) }
      if count <= 0 {
        for part in text.components(separatedBy: "HTTP/1.1 ").dropFirst() {
          result.append(Int(part.prefix(3)) ?? -1)
        }
        return count == 0 ? result + [0] : result
      }
    }
  }

  /// Closes every connection.
  mutating func finish() { loop.closeEverything() }
}
