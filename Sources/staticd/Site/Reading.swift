internal import CLinux
internal import Glibc
internal import StaticAssets
internal import StaticServer
internal import Synchronization

/// A reload of files and configuration on a thread of its own: a Django project may take seconds to
/// answer, and signals must not wait.
final class Reading: Sendable {
  /// What has been read, and the table built from it.
  struct Prepared: Sendable {
    let options: ServingOptions
    let configuration: StaticServer.Configuration
    let plan: TablePlan
    let releases: ReleaseWatch
    let table: FileTable
  }

  private let outcome = Mutex<Result<Prepared, CommandFailure>?>(nil)
  private let done: Descriptor

  /// Starts to read.
  ///
  /// - Parameters:
  ///   - options: reads the options again.
  ///   - configure: makes the server's configuration from them.
  ///   - upstreamPaths: the URL paths of the apps, which a reload does not change.
  ///   - asksPeers: whether there are peers, which a reload does not change either.
  init(
    _ options: @escaping @Sendable () throws -> ServingOptions,
    _ configure: @escaping @Sendable (ServingOptions) throws -> StaticServer.Configuration,
    upstreamPaths: [String],
    asksPeers: Bool
  ) throws {
    let number = clinux_eventfd()
    guard number >= 0 else {
      throw CommandFailure(.system, "eventfd: \(FileError.text(of: Int32(-number)))")
    }
    done = Descriptor(owning: Int32(number))
    do throws(StaticServerError) {
      _ = try WorkerThread(name: "staticd-reading") { [self] in
        finish(Self.prepare(options, configure, upstreamPaths, asksPeers: asksPeers))
      }
    } catch {
      throw CommandFailure(.system, error.description)
    }
  }

  /// The file descriptor that becomes readable when everything has been read.
  var descriptor: Int32 { done.number }

  /// The result or the failure; nil while reading.
  func take() -> Result<Prepared, CommandFailure>? { outcome.withLock { $0 } }

  private func finish(_ result: Result<Prepared, CommandFailure>) {
    outcome.withLock { $0 = result }
    var one: UInt64 = 1
    _ = unsafe write(done.number, &one, MemoryLayout<UInt64>.size)
  }

  private static func prepare(
    _ read: () throws -> ServingOptions,
    _ configure: (ServingOptions) throws -> StaticServer.Configuration,
    _ upstreamPaths: [String],
    asksPeers: Bool
  ) -> Result<Prepared, CommandFailure> {
    do {
      let options = try read()
      let configuration = try configure(options)
      var plan = try TablePlan(options.mounts, options.policy, upstreamPaths: upstreamPaths)
      plan.options.asksPeers = asksPeers
      // Before the table, so that a release published meanwhile is noticed.
      let releases = ReleaseWatch(plan)
      let table = try plan.buildQuickly()
      return .success(
        Prepared(
          options: options,
          configuration: configuration,
          plan: plan,
          releases: releases,
          table: table
        )
      )
    } catch let failure as CommandFailure {
      return .failure(failure)
    } catch {
      return .failure(CommandFailure(.system, "\(error)"))
    }
  }
}
