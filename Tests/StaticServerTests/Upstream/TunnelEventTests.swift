import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Events of a tunnel, in each of its states.
///
/// Goal: the end of either side ends the tunnel, whatever bytes are buffered, and the app's last
/// bytes are delivered.
@Suite struct TunnelEventTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// The direction in which bytes are buffered, because the other side does not read.
  enum Blocked: String, CaseIterable, Sendable {
    case none, toApp, toClient, both
  }

  /// The event that follows.
  enum Event: String, CaseIterable, Sendable {
    case clientCloses, clientResets, clientEndsItsSide, appCloses, appEndsItsSide
  }

  private static let request =
    "GET /ws HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
  private static let agreement =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

  /// An open tunnel and both of its ends, controlled by the test.
  private final class Tunnel {
    let server: StaticServer
    let probe: Probe
    var client: HTTPClient?
    var app: AppConnection?
    private let recording: RecordingApp

    init(_ directory: TemporaryDirectory, tunnelTimeout: Int = 3600) throws {
      let arrived = DispatchSemaphore(value: 0)
      let box = Box()
      recording = RecordingApp { connection in
        guard connection.request() != nil else { return }
        box.connection = connection
        arrived.signal()
      }
      let (server, port) = try directory.serveWithoutGrace(before: recording) {
        $0.forwarding?.tunnelTimeout = .seconds(tunnelTimeout)
        // Bytes buffered for a client may be subject to the send timeout as well.
        $0.sendTimeout = min($0.sendTimeout, .seconds(tunnelTimeout))
      }
      self.server = server
      probe = Probe(port: port)
      let client = HTTPClient(port: port, receiveBuffer: 4096)
      client.send(TunnelEventTests.request)
      #expect(arrived.wait(timeout: .now() + 10) == .success)
      app = box.connection
      box.connection = nil
      app?.send(TunnelEventTests.agreement)
      #expect(client.response()?.status == 101)
      self.client = client
    }

    /// Sends until nothing more fits; returns the number of bytes from the client, and from the
    /// app.
    func block(_ blocked: Blocked, with bytes: [UInt8]) -> (fromClient: Int, fromApp: Int) {
      var sums = (0, 0)
      var isFull = false
      while !isFull {
        let fromClient =
          [.toApp, .both].contains(blocked) ? client?.fill(with: rotated(bytes, sums.0)) ?? 0 : 0
        let fromApp =
          [.toClient, .both].contains(blocked) ? app?.fill(with: rotated(bytes, sums.1)) ?? 0 : 0
        isFull = fromClient == 0 && fromApp == 0
        sums = (sums.0 + fromClient, sums.1 + fromApp)
        probe.pass()
      }
      return sums
    }

    private func rotated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
      Array(bytes[(count % bytes.count)...] + bytes[..<(count % bytes.count)])
    }

    private final class Box: @unchecked Sendable {
      var connection: AppConnection?
    }
  }

  private func happen(_ event: Event, _ tunnel: Tunnel) {
    switch event {
    case .clientCloses: tunnel.client = nil
    case .clientResets:
      tunnel.client?.resetAtEnd()
      tunnel.client = nil
    case .clientEndsItsSide: tunnel.client?.finish()
    case .appCloses: tunnel.app = nil
    case .appEndsItsSide: tunnel.app?.finish()
    }
  }

  @Test("every end of a tunnel, in every state", arguments: Blocked.allCases, Event.allCases)
  func ends(blocked: Blocked, event: Event) throws {
    let bytes = TemporaryDirectory.pattern(65_521)
    let tunnel = try Tunnel(directory)
    let sums = tunnel.block(blocked, with: bytes)
    happen(event, tunnel)
    tunnel.probe.pass()
    switch event {
    case .clientEndsItsSide:
      // The app gets all bytes, and its response still reaches the client.
      expect(received(sums.fromClient, tunnel.app), sums.fromClient, of: bytes)
      #expect(tunnel.app?.bytes() == nil)
      expect(tunnel.client?.bytes(sums.fromApp), sums.fromApp, of: bytes)
      tunnel.app?.send("bye")
      tunnel.app = nil
      #expect(tunnel.client?.rest() == Array("bye".utf8))
    case .appCloses, .appEndsItsSide:
      // Bytes unread by the app turn its close into a reset, which may lose sent bytes.
      let rest = tunnel.client?.rest() ?? []
      if blocked == .none || blocked == .toClient || event == .appEndsItsSide {
        expect(rest, sums.fromApp, of: bytes)
      }
    case .clientCloses, .clientResets:
      // An app that does not read is notified as well: it gets the end of file when it reads.
      while let app = tunnel.app, app.bytes() != nil {}
    }
    tunnel.app = nil
    tunnel.client = nil
    // Only the probe's connection is left.
    #expect(eventually { tunnel.server.statistics.connectionsOpen == 1 })
    tunnel.server.stop()
  }

  @Test("an app that stops reading does not keep a disconnected client")
  func stuckApp() throws {
    let tunnel = try Tunnel(directory)
    _ = tunnel.block(.toApp, with: TemporaryDirectory.pattern(65_521))
    tunnel.client?.resetAtEnd()
    tunnel.client = nil
    #expect(eventually { tunnel.server.statistics.connectionsOpen == 1 })
    tunnel.server.stop()
    tunnel.app = nil
  }

  @Test("bytes sent by the app before its end are delivered, although the client still sends")
  func lastBytes() throws {
    let bytes = TemporaryDirectory.pattern(65_521)
    let tunnel = try Tunnel(directory)
    let sums = tunnel.block(.toClient, with: bytes)
    tunnel.app = nil
    // Writing to the app fails before the app's last bytes are read.
    tunnel.client?.send("are you there?")
    tunnel.probe.pass()
    expect(tunnel.client?.rest(), sums.fromApp, of: bytes)
    #expect(eventually { tunnel.server.statistics.connectionsOpen == 1 })
    tunnel.server.stop()
  }

  @Test(
    "a blocked tunnel without readers is closed after its time",
    arguments: Blocked.allCases
  )
  func timeout(blocked: Blocked) throws {
    let tunnel = try Tunnel(directory, tunnelTimeout: 1)
    _ = tunnel.block(blocked, with: TemporaryDirectory.pattern(65_521))
    #expect(eventually { tunnel.server.statistics.connectionsOpen == 1 })
    tunnel.server.stop()
  }

  private func received(_ count: Int, _ app: AppConnection?) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count, let next = app?.bytes() { bytes += next }
    return bytes
  }
}
