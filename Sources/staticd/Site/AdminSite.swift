internal import Glibc
internal import StaticAssets
internal import StaticServer
internal import Synchronization

/// The admin listener of a running server.
///
/// It is a small server with its own thread and limits, so that neither server can block the other.
final class AdminSite {
  /// The address with the port that the kernel chose.
  var address: ListenAddress { own.addresses[0].ofSocket }

  private let own: StaticServer

  /// Connections of the admin listener, enough for probes and a few people.
  private static let connectionsMax = 64

  /// Serves the admin pages of `server` at `address`.
  ///
  /// - Parameters:
  ///   - handed: inherited sockets of the previous process, one of which may be for `address`.
  ///   - release: returns the release that is served now.
  init(
    at address: ListenAddress,
    _ handed: [HandedSockets],
    isPublic: Bool,
    about server: StaticServer,
    release: @escaping @Sendable () -> AdminStatus.Release?
  ) throws {
    let places = server.addresses.map { $0.isTCP ? "http://\($0)" : "\($0)" }
    var bound = address
    if case .inherited(let descriptor) = address {
      bound = LocalAddress.bound(to: descriptor) ?? address
    }
    let pages = AdminPages(
      checksHost: bound.isTCP && bound.isPrivate && !isPublic,
      isAlive: { await server.isAlive() },
      status: {
        AdminStatus(
          version: Version.text,
          readiness: server.readiness,
          metrics: server.metrics,
          process: .now,
          release: release(),
          addresses: places,
          time: Timestamp.seconds
        )
      }
    )
    var configuration = StaticServer.Configuration(listeners: [address])
    configuration.handedSockets = handed
    configuration.workers = 1
    configuration.connectionsMax = Self.connectionsMax
    configuration.limits.headBytesMax = 8192
    configuration.headTimeout = .seconds(2)
    configuration.contentTimeout = .seconds(5)
    configuration.sendTimeout = .seconds(10)
    configuration.grace = .seconds(1)
    configuration.handler = HandlerConfiguration { await pages.answer($0) }
    configuration.handler?.contentBytesMax = 0
    do {
      own = try StaticServer(table: try FileTable(mounts: []), configuration: configuration)
    } catch {
      throw Self.failure(error)
    }
  }

  /// The failure to listen at the admin address; the server's errors know one kind of address.
  static func failure(_ error: any Error) -> CommandFailure {
    let reason = "\(error)".replacing(text: "--listen", with: "--admin")
    return CommandFailure(.system, "--admin: \(reason)")
  }

  /// The socket that this process has bound, for its successor.
  var handedSockets: [HandedSockets] { own.handedSockets }

  /// The socket if it was given as a file descriptor.
  var givenSockets: [Int32] { own.givenSockets }

  /// Leaves the socket to another process.
  func handOver() { own.handOver() }

  /// Stops the listener.
  func stop() { own.stop() }
}

/// The release that a server serves now, readable from other threads.
final class ServedRelease: Sendable {
  private let release = Mutex<AdminStatus.Release?>(nil)

  /// The current release.
  var now: AdminStatus.Release? { release.withLock { $0 } }

  /// Records that `table`, built from `plan`, is served.
  func note(_ table: FileTable, _ plan: TablePlan) {
    let found = ReleaseLabel.of(plan.mounts.filter { $0.kind == .collected }.map(\.directory))
    let release = AdminStatus.Release(
      name: found?.name ?? "",
      published: found?.published ?? Timestamp.seconds,
      fileCount: table.fileCount
    )
    self.release.withLock { $0 = release }
  }
}
