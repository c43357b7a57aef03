import Foundation
import StaticAssets
import StaticServer
import TestSupport
import Testing

/// Clients and apps of different speeds.
///
/// Goal: an app never waits for a slow client, streamed bytes arrive at once, and buffered bytes
/// are bounded: in memory, then in a file, then by back-pressure on the app.
@Suite struct ForwardingBufferTests {
  private let directory = TemporaryDirectory()

  init() {
    directory.write("hello", to: "a.txt")
  }

  /// The number of unlinked files that this process has open.
  private var namelessFileCount: Int {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return numbers.filter { number in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(number)"
      )
      return target?.hasPrefix("\(directory.path)/") == true
    }.count
  }

  @Test(
    "an app has finished before a client reads anything, and the client gets everything",
    arguments: ["Content-Length: 30000000\r\n", "Transfer-Encoding: chunked\r\n", ""]
  )
  func slowClient(field: String) throws {
    let done = DispatchSemaphore(value: 0)
    let body = TemporaryDirectory.pattern(30_000_000)
    let app = RecordingApp { connection in
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\(field)\r\n")
      if field.hasPrefix("Transfer") {
        for start in stride(from: 0, to: body.count, by: 1_000_000) {
          connection.send("f4240\r\n")
          connection.send(body[start..<(start + 1_000_000)])
          connection.send("\r\n")
        }
        connection.send("0\r\n\r\n")
      } else {
        connection.send(body)
      }
      done.signal()
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.temporaryDirectory = BytePath(directory.path)
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(done.wait(timeout: .now() + 60) == .success)
    #expect(namelessFileCount == 1)
    #expect(client.response()?.body == body)
    #expect(client.get("/static/a.txt")?.text == "hello")
    #expect(eventually { namelessFileCount == 0 })
    server.stop()
  }

  @Test(
    "the bytes buffered for a client are bounded, and then the app waits",
    arguments: [("X-Accel-Buffering: no", Int64(1) << 30), ("X-Other: 1", 1_000_000)]
  )
  func backPressure(field: String, responseBytesMax: Int64) throws {
    let sent = Box(0)
    let block = TemporaryDirectory.pattern(100_000)
    let sender = Box<AppConnection?>(nil)
    let app = RecordingApp { connection in
      sender.change { $0 = connection }
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\n\(field)\r\nContent-Length: 50000000\r\n\r\n")
      for _ in 0..<500 {
        guard connection.send(block) else { return }
        sent.change { $0 += block.count }
      }
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.responseBytesMax = responseBytesMax
      $0.forwarding?.temporaryDirectory = BytePath(directory.path)
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    // Until the loop has turned twenty times without reading from the app.
    let isHeld = eventually {
      let before = sent.value
      guard sender.value?.isFull == true else { return false }
      letLoopsTurn(port)
      return sender.value?.isFull == true && sent.value == before
    }
    #expect(isHeld)
    // The system's own buffers hold some megabytes.
    #expect(sent.value < 20_000_000)
    let answer = try #require(client.response())
    #expect(answer.body.count == 50_000_000)
    #expect(Array(answer.body.suffix(100_000)) == block)
    server.stop()
  }

  @Test(
    "events arrive one by one",
    arguments: ["Content-Type: text/event-stream", "X-Accel-Buffering: no", "X-Other: 1"]
  )
  func events(field: String) throws {
    let seen = DispatchSemaphore(value: 0)
    let app = RecordingApp { connection in
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\n\(field)\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<20 {
        connection.send("5\r\nevent\r\n")
        guard seen.wait(timeout: .now() + 60) == .success else { return }
      }
      connection.send("0\r\n\r\n")
    }
    let (server, port) = try directory.serve(before: app)
    let client = HTTPClient(port: port)
    client.send("GET /page HTTP/1.0\r\n\r\n")
    var text = ""
    while !text.contains("\r\n\r\n") {
      text += String(decoding: try #require(client.bytes(1)), as: UTF8.self)
    }
    for _ in 0..<20 {
      #expect(client.bytes(5) == Array("event".utf8))
      seen.signal()
    }
    #expect(client.isClosed)
    server.stop()
  }

  @Test("content that does not fit in memory is in a file until the response arrives")
  func contentFile() throws {
    let app = RecordingApp(answering: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp")
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.temporaryDirectory = BytePath(directory.path)
      $0.forwarding?.memoryBytesMax = 1000
    }
    let client = HTTPClient(port: port)
    client.send("POST /page HTTP/1.1\r\nHost: test\r\nContent-Length: 2000\r\n\r\n")
    client.send(TemporaryDirectory.pattern(1000))
    letLoopsTurn(port)
    #expect(namelessFileCount == 0)
    client.send(TemporaryDirectory.pattern(999))
    #expect(eventually { namelessFileCount == 1 })
    client.send([7])
    #expect(client.response()?.text == "app")
    #expect(app.requests[0].content.count == 2000)
    #expect(eventually { namelessFileCount == 0 })
    server.stop()
  }

  @Test("without a directory for files, content is refused, and responses wait in the app")
  func noDirectory() throws {
    let body = TemporaryDirectory.pattern(10_000_000)
    let sender = Box<AppConnection?>(nil)
    let app = RecordingApp { connection in
      sender.change { $0 = connection }
      while connection.request() != nil {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
        connection.send(body)
      }
    }
    let (server, port) = try directory.serve(before: app) {
      $0.forwarding?.temporaryDirectory = BytePath(directory.path("none"))
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(eventually { sender.value?.isFull == true })
    #expect(client.response()?.body == body)
    sender.change { $0 = nil }
    client.send("POST /page HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n")
    client.send(TemporaryDirectory.pattern(100_000))
    #expect(client.response()?.status == 503)
    server.stop()
  }

  @Test("a client that does not read its response is closed")
  func stalledReader() throws {
    let body = TemporaryDirectory.pattern(10_000_000)
    let app = RecordingApp { connection in
      _ = connection.request()
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
      connection.send(body)
    }
    let (server, port) = try directory.serve(before: app) {
      $0.sendTimeout = .seconds(1)
      $0.bytesPerSecondMin = 0
      $0.forwarding?.temporaryDirectory = BytePath(directory.path)
    }
    let client = HTTPClient(port: port, receiveBuffer: 4096)
    client.send("GET /page HTTP/1.1\r\nHost: test\r\n\r\n")
    #expect(eventually { server.statistics.dropped.slowReader == 1 })
    #expect(eventually { namelessFileCount == 0 })
    #expect(client.rest().count < body.count)
    server.stop()
  }
}

/// A value shared by several threads.
final class Box<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var content: Value

  init(_ content: Value) { self.content = content }

  var value: Value { lock.withLock { content } }

  func change(_ body: (inout Value) -> Void) { lock.withLock { body(&content) } }
}
