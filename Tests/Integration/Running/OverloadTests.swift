import Foundation
import TestSupport
import Testing

/// More concurrent requests than gunicorn's workers can handle.
///
/// Goal: they wait in front of gunicorn, not in it: each gets its own response, files are served
/// meanwhile, and requests whose clients have left are not executed.
@Suite struct OverloadTests {
  static let servers = [
    ("gunicorn -w 1 queue_app:wsgi", 1), ("gunicorn -w 2 queue_app:wsgi", 2),
    ("gunicorn -k gthread -w 1 --threads 2 queue_app:wsgi", 2),
  ]

  @Test(
    "requests whose clients leave the queue do not reach gunicorn",
    arguments: servers
  )
  func leavers(command: String, concurrency: Int) throws {
    let app = try NotingApp(command)
    let port = try app.port()
    let held = (0..<concurrency).map { number in
      let client = HTTPClient(port: port, seconds: 30)
      client.send("GET /held/\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
      return client
    }
    #expect(SupervisedRun.eventually { app.notes.count == concurrency })
    let probe = HTTPClient(port: port)
    var leavers: [HTTPClient] = []
    for number in 0..<20 {
      leavers.append(HTTPClient(port: port))
      leavers.last?.send("GET /left/\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(probe.get("/a.txt")?.text == "hello")
      if number % 2 == 0 { leavers.last?.resetAtEnd() }
    }
    leavers = []
    for _ in 0..<5 { #expect(probe.get("/a.txt")?.text == "hello") }
    app.openGate()
    for (number, client) in held.enumerated() {
      #expect(client.response()?.text == "/held/\(number)")
    }
    #expect(HTTPClient(port: port, seconds: 30).get("/last")?.text == "/last")
    #expect(app.notes.filter { $0.hasPrefix("/left/") } == [])
    #expect(app.end() == 0, "\(app.running.errors)")
  }

  @Test(
    "a burst that takes longer than the connect timeout: each client gets its own response",
    arguments: servers.map { "\($0.0.replacing(" queue_app", with: " --backlog 2 queue_app"))" }
  )
  func burst(command: String) throws {
    let app = try NotingApp(command, ["--upstream-connect-timeout", "1"])
    let port = try app.port()
    let clients = (0..<150).map { number in
      let client = HTTPClient(port: port, seconds: 30)
      client.send("GET /slow/\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
      return client
    }
    #expect(HTTPClient(port: port).get("/a.txt")?.text == "hello")
    let answers = clients.map { $0.response() }
    #expect(answers.map { $0?.status ?? 0 }.filter { $0 != 200 } == [])
    #expect(answers.map { $0?.text } == (0..<150).map { "/slow/\($0)" })
    #expect(Set(app.notes).count == app.notes.count, "asked twice")
    #expect(app.end() == 0, "\(app.running.errors)")
  }

  @Test(
    "content after a response that cannot have content reaches no client",
    arguments: ["gunicorn -w 2 queue_app:wsgi", "gunicorn -k gthread --threads 4 queue_app:wsgi"]
  )
  func ownAnswers(command: String) throws {
    let app = try NotingApp(command)
    let port = try app.port()
    let clients = (0..<10).map { _ in HTTPClient(port: port) }
    for turn in 0..<20 {
      for (number, client) in clients.enumerated() {
        let kind = ["none", "own", "same", "own", "own"][number % 5]
        client.send("GET /\(kind)/\(turn)/\(number) HTTP/1.1\r\nHost: x\r\n\r\n")
      }
      for (number, client) in clients.enumerated() {
        let answer = try #require(client.response())
        #expect(answer.status == [204, 200, 304, 200, 200][number % 5])
        if answer.status == 200 { #expect(answer.text == "/own/\(turn)/\(number)") }
      }
    }
    #expect(app.end() == 0, "\(app.running.errors)")
  }
}
