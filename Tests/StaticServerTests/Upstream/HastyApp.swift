import CDescriptors
import Foundation
import Synchronization
import TestSupport

/// An app at a Unix socket that closes two of three connections right after accepting them, like a
/// worker that ends.
///
/// It polls for connections without a pause, so that some are closed before the first byte is sent
/// and some after it.
final class HastyApp: Sendable {
  private let directory = TemporaryDirectory()
  private let isOver = Atomic(false)
  private let requestCount = Atomic(0)

  /// The path of its socket.
  var path: String { directory.path("app.sock") }
  /// The number of requests read.
  var count: Int { requestCount.load(ordering: .sequentiallyConsistent) }

  /// Starts the app, which sends `greeting` on the connections that it closes.
  init(greeting: String = "") {
    let listener = RecordingApp.listen(at: directory.path("app.sock"))
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    Thread { [self] in
      var accepted = 0
      while !isOver.load(ordering: .relaxed) {
        let socket = cdescriptors_accept(listener)
        guard socket >= 0 else { continue }
        accepted += 1
        guard accepted.isMultiple(of: 3) else {
          if !greeting.isEmpty { _ = send(socket, greeting, greeting.utf8.count, 0x4000) }
          close(socket)
          continue
        }
        let connection = AppConnection(socket, index: accepted) { _ in }
        guard connection.request() != nil else { continue }
        requestCount.add(1, ordering: .sequentiallyConsistent)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\napp")
      }
      close(listener)
    }.start()
  }

  /// Stops the app.
  func stop() { isOver.store(true, ordering: .relaxed) }
}
