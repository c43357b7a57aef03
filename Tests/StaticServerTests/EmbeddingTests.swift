import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// A server embedded in a process with other work.
///
/// Goal: it can be started and stopped any number of times, on its own or on given sockets, without
/// leaks.
@Suite(.serialized) struct EmbeddingTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// A listening socket of 127.0.0.1.
  private static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var count = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, count) | Foundation.listen(descriptor, 16)
          | getsockname(descriptor, address, &count)
      }
    }
    try #require(result == 0)
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private static func answering(_ text: String) -> HandlerConfiguration {
    var handler = HandlerConfiguration { _ in HandlerResponse(text: text) }
    handler.executor = ThreadExecutor()
    return handler
  }

  @Test("starts and stops repeatedly on a given socket, which stays open for its owner")
  func givenSocket() throws {
    let (descriptor, port) = try Self.listen()
    defer { close(descriptor) }
    let table = try FileTable(root: directory.path)
    var configuration = StaticServer.Configuration(listeners: [.inherited(descriptor: descriptor)])
    configuration.workers = 2
    configuration.grace = .seconds(0)
    configuration.handler = Self.answering("app")
    for _ in 0..<5 {
      let server = try StaticServer(table: table, configuration: configuration)
      let client = HTTPClient(port: port)
      #expect(client.get("/static/a.txt")?.text == "hello")
      #expect(client.get("/")?.text == "app")
      server.stop()
      #expect(client.isClosed)
    }
    // A client that connects between two servers waits in the backlog.
    let early = HTTPClient(port: port)
    early.send("GET /static/a.txt HTTP/1.1\r\nHost: x\r\n\r\n")
    let server = try StaticServer(table: table, configuration: configuration)
    #expect(early.response()?.text == "hello")
    server.stop()
  }

  @Test("many servers in sequence leave no socket")
  func leavesNothing() throws {
    let path = directory.path("server.socket")
    // /proc/net/unix lists a Unix socket's path while it is open. The file is read by cat because
    // it arrives in several reads, and Foundation stops after the first.
    func isOpen() -> Bool { Command.run(["cat", "/proc/net/unix"]).output.contains(path) }
    for _ in 0..<20 {
      let (server, port) = try directory.serve { configuration in
        configuration.listeners.append(.unix(path: path))
        configuration.handler = Self.answering("app")
      }
      #expect(eventually { isOpen() })
      #expect(HTTPClient(port: port).get("/")?.text == "app")
      server.stop()
      #expect(!isOpen())
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(HTTPClient(connectingTo: port) == nil)
    }
  }

  @Test("two servers in one process are independent")
  func two() throws {
    let (first, firstPort) = try directory.serve { configuration in
      configuration.handler = Self.answering("first")
    }
    let (second, secondPort) = try directory.serve { configuration in
      configuration.handler = Self.answering("second")
    }
    #expect(HTTPClient(port: firstPort).get("/")?.text == "first")
    first.stop()
    #expect(HTTPClient(port: secondPort).get("/")?.text == "second")
    second.stop()
  }

  @Test("a task that waits for the end stops the server when it is cancelled")
  func cancellation() async throws {
    let (server, port) = try directory.serve()
    let waiting = Task { try await server.run() }
    let client = HTTPClient(port: port)
    #expect(client.get("/static/a.txt")?.text == "hello")
    waiting.cancel()
    try await waiting.value
    #expect(server.hasStopped)
    #expect(client.isClosed)
    // Repeated, and from several tasks at once.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 { group.addTask { try await server.run() } }
      for _ in 0..<8 { group.addTask { server.stop() } }
      try await group.waitForAll()
    }
  }

  @Test("a server that fails to start leaves nothing open, and the next one starts")
  func failedStart() throws {
    let (descriptor, port) = try Self.listen()
    let table = try FileTable(root: directory.path)
    let address = ListenAddress.ipv4(0x7F00_0001, port: port)
    for _ in 0..<3 {
      let path = directory.path("socket")
      let listeners: [ListenAddress] = [.unix(path: path), address]
      #expect(throws: StaticServerError.self) {
        try StaticServer(
          table: table,
          configuration: StaticServer.Configuration(listeners: listeners)
        )
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    close(descriptor)
    let server = try StaticServer(
      table: table,
      configuration: StaticServer.Configuration(listeners: [address])
    )
    #expect(HTTPClient(port: port).get("/static/a.txt")?.text == "hello")
    server.stop()
  }
}
