import CDescriptors
import Foundation
import StaticServer
import Synchronization
import TestSupport

/// An app that does not listen until a test starts it; then it responds to each request with its
/// target.
///
/// Unchecked: the descriptor changes before its thread starts.
final class LateApp: @unchecked Sendable {
  /// How connecting fails while the app is away.
  enum Absence: String, CaseIterable, Sendable {
    case noSuchPath, silentPath, silentPort
  }

  /// The address on which it will listen.
  let address: UpstreamAddress
  private let directory = TemporaryDirectory()
  private let absence: Absence
  private var socket: Int32 = -1
  private let log = Log()

  private final class Log: Sendable {
    let targets = Mutex<[String]>([])
  }

  init(_ absence: Absence) {
    self.absence = absence
    let path = directory.path("late.sock")
    switch absence {
    case .noSuchPath:
      address = .unix(path: path)
    case .silentPath:
      address = .unix(path: path)
      socket = RecordingApp.bound(at: path)
    case .silentPort:
      let (socket, port) = RecordingApp.boundAtPort()
      self.socket = socket
      address = .tcp(address: [127, 0, 0, 1], port: port)
    }
  }

  deinit {
    guard socket >= 0 else { return }
    shutdown(socket, Int32(SHUT_RDWR))
    close(socket)
  }

  /// The targets of the requests, in order of arrival.
  var targets: [String] { log.targets.withLock { $0 } }

  /// The path, for counting connection attempts.
  var path: String { directory.path("late.sock") }

  /// Starts to listen and to respond.
  func appear() {
    if absence == .noSuchPath { socket = RecordingApp.bound(at: path) }
    precondition(listen(socket, 64) == 0)
    let socket = socket
    Thread.detachNewThread { [log] in
      while true {
        let accepted = cdescriptors_accept(socket)
        guard accepted >= 0 else { return }
        let connection = AppConnection(accepted, index: 0) { _ in }
        Thread.detachNewThread {
          while let request = connection.request() {
            log.targets.withLock { $0.append(request.target) }
            connection.answer(request.target)
          }
        }
      }
    }
  }
}
