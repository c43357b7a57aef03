import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Configuration values with which a server cannot start.
///
/// Goal: each is an error that names the value, before anything listens; nothing traps.
@Suite struct ConfigurationCheckTests {
  private let directory = TemporaryDirectory()

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout StaticServer.Configuration) -> Void

    init(
      _ name: String,
      _ change: @escaping @Sendable (inout StaticServer.Configuration) -> Void
    ) {
      testDescription = name
      self.change = change
    }
  }

  private static func forwarding(
    _ name: String,
    _ change: @escaping @Sendable (inout ForwardingConfiguration) -> Void
  ) -> Row {
    Row("forwarding.\(name)") { configuration in
      var forwarding = ForwardingConfiguration(to: .unix(path: "/none"))
      change(&forwarding)
      configuration.forwarding = forwarding
    }
  }

  static let rows: [Row] =
    [
      Row("listeners") { $0.listeners = [] },
      Row("listeners") { $0.listeners = [.ipv6([127, 0, 0, 1], port: 0)] },
      Row("listeners") { $0.listeners = [.ipv6(Array(repeating: 0, count: 17), port: 0)] },
      Row("listeners") { $0.listeners = [.unix(path: "")] },
      Row("listeners") { $0.listeners = [.unix(path: String(repeating: "x", count: 108))] },
      Row("listeners") { $0.listeners = [.unix(path: "a\0b")] },
      Row("accessLog") { $0.accessLog = AccessLog(format: .json, descriptor: -1) },
      Row("redirectHost") { $0.forwardingPolicy.redirectHost = "" },
      Row("redirectHost") { $0.forwardingPolicy.redirectHost = "a.test\r\nX: y" },
      Row("redirectHost") { $0.forwardingPolicy.redirectHost = "a.test/x" },
      Row("peers.addresses") { $0.peers = PeerConfiguration([.tcp(address: [1, 2, 3], port: 1)]) },
      Row("forwarding.address") {
        $0.forwarding = ForwardingConfiguration(to: .tcp(address: [1, 2, 3, 4, 5], port: 1))
      },
      Row("forwarding.address") {
        $0.forwarding = ForwardingConfiguration(
          to: .unix(path: String(repeating: "x", count: 4096))
        )
      },
      Row("workers") { $0.workers = 0 },
      Row("workers") { $0.workers = 257 },
      Row("connectionsMax") { $0.connectionsMax = 0 },
      Row("headBytesMax") { $0.headBytesMax = 65536 },
      Row("fieldCountMax") { $0.fieldCountMax = 0 },
      Row("targetBytesMax") { $0.targetBytesMax = 0 },
      Row("contentBytesMax") { $0.contentBytesMax = -1 },
      Row("requestsPerConnectionMax") { $0.requestsPerConnectionMax = -1 },
      Row("bytesPerSecondMin") { $0.bytesPerSecondMin = -1 },
      Row("headTimeout") { $0.headTimeout = .zero },
      Row("keepAliveTimeout") { $0.keepAliveTimeout = .seconds(86401) },
      Row("contentTimeout") { $0.contentTimeout = .seconds(-1) },
      Row("sendTimeout") { $0.sendTimeout = .seconds(Int64.max) },
      Row("grace") { $0.grace = .milliseconds(-1) },
      Row("strictTransport") {
        $0.forwardingPolicy.strictTransport = StrictTransport(maxAge: .seconds(-1))
      },
      Row("handler and forwarding") {
        $0.handler = HandlerConfiguration { _ in .notFound }
        $0.forwarding = ForwardingConfiguration(to: .unix(path: "/none"))
      },
      Row("handler.memoryBytesMax") {
        $0.handler = HandlerConfiguration { _ in .notFound }
        $0.handler?.memoryBytesMax = -1
      },
      Row("handler.responseTimeout") {
        $0.handler = HandlerConfiguration { _ in .notFound }
        $0.handler?.responseTimeout = .zero
      },
    ] + [
      forwarding("path") { $0.path = "/api" },
      forwarding("others") { $0.others = [.init(path: "api/", upstream: .unix(path: "/none"))] },
      forwarding("namedFiles") { $0.namedFiles = [.init(prefix: "x", path: "/none")] },
      forwarding("concurrencyMax") { $0.concurrencyMax = -1 },
      forwarding("queueCountMax") { $0.queueCountMax = -1 },
      forwarding("queueTimeout") { $0.queueTimeout = .seconds(-1) },
      forwarding("startupHold") { $0.startupHold = .seconds(-1) },
      forwarding("connectTimeout") { $0.connectTimeout = .zero },
      forwarding("tunnelTimeout") { $0.tunnelTimeout = .zero },
      forwarding("responseBytesMax") { $0.responseBytesMax = -1 },
      forwarding("spoolBytesMax") { $0.spoolBytesMax = .max },
      forwarding("firstReadByteCount") { $0.firstReadByteCount = -1 },
    ]

  @Test("an invalid value is an error that names the value", arguments: rows)
  func invalid(row: Row) throws {
    let table = try FileTable(root: directory.path)
    var configuration = StaticServer.Configuration(listeners: [.ipv4(0x7F00_0001, port: 0)])
    row.change(&configuration)
    do throws(StaticServerError) {
      _ = try StaticServer(table: table, configuration: configuration)
      Issue.record("the server has started")
    } catch {
      #expect(error.code == .invalidConfiguration)
      #expect(error.errorNumber == nil)
      #expect(error.description.contains(row.testDescription), "\(error)")
    }
  }

  @Test("times below a second are valid")
  func shortTimes() throws {
    let (server, port) = try directory.serve {
      $0.headTimeout = .milliseconds(1)
      $0.keepAliveTimeout = .milliseconds(1)
      $0.contentTimeout = .milliseconds(1)
      $0.sendTimeout = .milliseconds(1)
    }
    #expect(HTTPClient(port: port).isClosed || server.statistics.dropped.slowHead > 0)
    server.stop()
  }

  @Test("a concurrency limit out of range is clamped", arguments: [-1, Int.max])
  func concurrency(count: Int) throws {
    let (server, port) = try directory.serve {
      $0.forwarding = ForwardingConfiguration(to: .unix(path: "/none"))
    }
    server.setUpstreamConcurrency(count)
    #expect(HTTPClient(port: port).get("/")?.status == 502)
    server.stop()
  }
}
