import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Tables that were replaced while a client still takes what one of them began.
///
/// Goal: no more tables live than are in use, however many reloads there were.
@Suite struct OldTableTests {
  private final class Reference {
    weak var table: FileTable?
    init(_ table: FileTable) { self.table = table }
  }

  /// Replaces the table by one with `version`; returns it without keeping it.
  private func replace(_ server: Server, _ directory: TemporaryDirectory, _ version: Int) throws
    -> Reference
  {
    directory.write("\(version)", to: "version.txt")
    let table = try FileTable.build(root: directory.path)
    server.replaceTable(with: table)
    return Reference(table)
  }

  @Test(
    "eight reloads under slow downloads",
    arguments: [60_000, 8 << 20],
    [1, 2]
  )
  func slow(byteCount: Int, workers: Int) throws {
    let directory = TemporaryDirectory()
    let body = TemporaryDirectory.pattern(byteCount)
    directory.write(body, to: "large.bin")
    directory.write("0", to: "version.txt")
    let (server, port) = try directory.serveWithoutGrace { $0.workers = workers }
    // So much that it does not fit between the two.
    let count = (16 << 20) / byteCount
    let slow = HTTPClient(port: port, receiveBuffer: 4096)
    let sender = Thread { for _ in 0..<count { slow.ask("/static/large.bin") } }
    sender.start()
    #expect(slow.someBytes() != nil)
    let probes = (0..<16).map { _ in HTTPClient(port: port) }
    var tables: [Reference] = []
    for version in 1...8 {
      tables.append(try replace(server, directory, version))
      for probe in probes {
        #expect(eventually { probe.get("/static/version.txt")?.text == "\(version)" })
      }
    }
    func liveCount() -> Int { tables.count { $0.table != nil } }
    // The newest, and one that the download may have taken its last answer from.
    #expect(eventually { liveCount() <= 2 }, "\(liveCount()) live")
    slow.resetAtEnd()
    withExtendedLifetime(slow) {}
    server.stop()
  }

  @Test("a download that goes on is whole, and ends the table that it was from")
  func whole() throws {
    let directory = TemporaryDirectory()
    let body = TemporaryDirectory.pattern(12 << 20)
    directory.write(body, to: "large.bin")
    directory.write("0", to: "version.txt")
    let (server, port) = try directory.serveWithoutGrace { $0.workers = 1 }
    let first = try replace(server, directory, 1)
    let probe = HTTPClient(port: port)
    #expect(eventually { probe.get("/static/version.txt")?.text == "1" })
    let slow = HTTPClient(port: port, receiveBuffer: 4096)
    slow.ask("/static/large.bin")
    #expect(probe.get("/static/version.txt")?.text == "1")
    for version in 2...4 {
      _ = try replace(server, directory, version)
      #expect(eventually { probe.get("/static/version.txt")?.text == "\(version)" })
    }
    expect(slow.response()?.body, body.count, of: body)
    #expect(eventually { first.table == nil })
    server.stop()
  }
}
