import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Changing the table under a running server.
///
/// Goal: no request is lost, none mixes two tables, and a response in progress is finished from the
/// table that began it.
@Suite struct ReloadTests {
  private let directory = TemporaryDirectory()

  private func serve(_ table: FileTable) throws -> (server: StaticServer, port: UInt16) {
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 2
    configuration.grace = .seconds(0)
    let server = try StaticServer(table: table, configuration: configuration)
    guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
    return (server, port)
  }

  @Test("open connections get the new files, with the new length and entity tag")
  func replace() throws {
    directory.write("old", to: "a.txt")
    let (server, port) = try serve(FileTable(root: directory.path))
    let client = HTTPClient(port: port)
    let before = try #require(client.get("/static/a.txt"))
    #expect(before.text == "old")
    directory.write("newer", to: "a.txt")
    directory.write("b", to: "b.txt")
    #expect(client.get("/static/b.txt")?.status == 404)
    server.replaceTable(with: try FileTable(root: directory.path))
    // The loops switch when they wake; until then the old responses are right.
    var after = client.get("/static/a.txt")
    while after?.text == "old" { after = client.get("/static/a.txt") }
    #expect(after?.text == "newer")
    #expect(after?["ETag"] != before["ETag"])
    #expect(client.get("/static/b.txt")?.text == "b")
    server.stop()
  }

  @Test("servers of one live table all serve a new table, and no server keeps another alive")
  func live() throws {
    directory.write("old", to: "a.txt")
    let assets = try LiveTable(root: directory.path)
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    configuration.workers = 1
    configuration.grace = .seconds(0)
    weak var gone: StaticServer?
    do {
      let other = try StaticServer(assets: assets, configuration: configuration)
      other.stop()
      gone = other
    }
    #expect(gone == nil)
    let servers = try (0..<2).map { _ in
      try StaticServer(assets: assets, configuration: configuration)
    }
    for text in ["newer", "newest"] {
      directory.write(text, to: "a.txt")
      try assets.reloadBlocking()
      for server in servers {
        guard case .ipv4(_, let port) = server.addresses[0] else { fatalError("no port") }
        let client = HTTPClient(port: port)
        // The loops switch when they wake.
        #expect(eventually { client.get("/static/a.txt")?.text == text })
      }
    }
    for server in servers { server.stop() }
  }

  @Test(
    "a slow client gets the rest of the announced body",
    arguments: [60_000, 1 << 20]
  )
  func slowClient(byteCount: Int) throws {
    let old = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    directory.write(old, to: "large.bin")
    let (server, port) = try serve(FileTable(root: directory.path))
    let slow = HTTPClient(port: port, receiveBuffer: 4096)
    for _ in 0..<64 { slow.send("GET /static/large.bin HTTP/1.1\r\nHost: x\r\n\r\n") }
    #expect(slow.response()?.body == old)

    // A new file under the old name: the old one stays open in the descriptor, or in the table's
    // memory.
    let other = TemporaryDirectory()
    other.write([UInt8](repeating: 7, count: byteCount), to: "large.bin")
    for _ in 0..<20 { server.replaceTable(with: try FileTable(root: other.path)) }
    let fresh = HTTPClient(port: port)
    while try #require(fresh.get("/static/large.bin")).body == old {}

    var answers: [[UInt8]] = []
    for _ in 1..<64 { answers.append(try #require(slow.response()).body) }
    let new = [UInt8](repeating: 7, count: byteCount)
    #expect(answers.first == old)
    #expect(answers.allSatisfy { $0 == old || $0 == new })
    #expect(fresh.get("/static/large.bin")?.body == new)
    server.stop()
  }

  @Test("under load no response is lost or mixed while tables are replaced")
  func load() throws {
    let tables = try (0..<4).map { number in
      let root = TemporaryDirectory()
      root.write(String(repeating: "\(number)", count: 5000 + number), to: "a.txt")
      return (root, try FileTable(root: root.path))
    }
    let (server, port) = try serve(tables[0].1)
    let clients = (0..<4).map { _ in HTTPClient(port: port) }
    for turn in 0..<200 {
      server.replaceTable(with: tables[turn % 4].1)
      for client in clients {
        for _ in 0..<4 { client.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n") }
      }
      for client in clients {
        for _ in 0..<4 {
          let answer = try #require(client.response())
          let digit = try #require(answer.text.first?.wholeNumberValue)
          #expect(answer.text == String(repeating: "\(digit)", count: 5000 + digit))
        }
      }
    }
    server.stop()
  }
}
