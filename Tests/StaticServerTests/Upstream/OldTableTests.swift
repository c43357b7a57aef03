import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Replaced tables, while a client still reads a response that one of them began.
///
/// Goal: no more tables are alive than are in use, however many reloads there were.
@Suite struct OldTableTests {
  private final class Reference {
    weak var table: FileTable?
    init(_ table: FileTable) { self.table = table }
  }

  /// Replaces the table by one with `version`; returns it without keeping it.
  private func replace(_ server: StaticServer, _ directory: TemporaryDirectory, _ version: Int)
    throws
    -> Reference
  {
    directory.write("\(version)", to: "version.txt")
    let table = try FileTable(root: directory.path)
    server.replaceTable(with: table)
    return Reference(table)
  }

  /// A client that has read the beginning of its responses and stops reading.
  private func slowClient(_ port: UInt16, _ byteCount: Int) -> HTTPClient {
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    // More than the buffers between the two hold.
    for _ in 0..<((16 << 20) / byteCount) { client.ask("/static/large.bin") }
    #expect(client.someBytes() != nil)
    return client
  }

  @Test(
    "eight reloads, each during a slow download",
    arguments: [60_000, 8 << 20],
    [1, 2]
  )
  func slow(byteCount: Int, workers: Int) throws {
    let directory = TemporaryDirectory()
    directory.write([UInt8](repeating: 7, count: byteCount), to: "large.bin")
    directory.write("0", to: "version.txt")
    let (server, port) = try directory.serveWithoutGrace { $0.workers = workers }
    let probes = (0..<(workers == 1 ? 1 : 16)).map { _ in HTTPClient(port: port) }
    var tables: [Reference] = []
    var clients: [HTTPClient] = []
    for version in 1...8 {
      tables.append(try replace(server, directory, version))
      for probe in probes {
        #expect(eventually { probe.get("/static/version.txt")?.text == "\(version)" })
      }
      clients.append(slowClient(port, byteCount))
    }
    // The newest, and one about to be freed.
    func liveCount() -> Int { tables.count { $0.table != nil } }
    #expect(eventually { liveCount() <= 2 }, "\(liveCount()) live")
    for client in clients { client.resetAtEnd() }
    clients = []
    #expect(eventually { liveCount() == 1 })
    server.stop()
  }

  @Test("with an app no old table outlives a reload either", arguments: [1, 2])
  func withApp(workers: Int) throws {
    let directory = TemporaryDirectory()
    directory.write("0", to: "version.txt")
    let (server, port) = try directory.serveWithoutGrace {
      $0.workers = workers
      $0.forwarding = ForwardingConfiguration(to: .unix(path: directory.path("none")))
    }
    let probes = (0..<(workers == 1 ? 1 : 16)).map { _ in HTTPClient(port: port) }
    var tables: [Reference] = []
    for version in 1...8 {
      tables.append(try replace(server, directory, version))
      for probe in probes {
        #expect(eventually { probe.get("/static/version.txt")?.text == "\(version)" })
      }
      #expect(probes[0].get("/page")?.status == 502)
    }
    #expect(eventually { tables.count { $0.table != nil } == 1 })
    server.stop()
  }

  @Test("a download that continues is whole, and then its old table is freed")
  func whole() throws {
    let directory = TemporaryDirectory()
    let body = TemporaryDirectory.pattern(12 << 20)
    directory.write(body, to: "large.bin")
    directory.write("0", to: "version.txt")
    let (server, port) = try directory.serveWithoutGrace { $0.workers = 1 }
    let first = try replace(server, directory, 1)
    let probe = HTTPClient(port: port)
    #expect(eventually { probe.get("/static/version.txt")?.text == "1" })
    let slow = HTTPClient(port: port, receiveBuffer: 65536)
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
