import Foundation
import TestSupport
import Testing

/// `staticd publish` as a command: against moto, a widely used test implementation of S3, read back
/// with botocore; its output, and its exit codes.
@Suite(.serialized) struct PublishCommandTests {
  private let site = TemporaryDirectory()

  private static let variables = [
    "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "test/very+secret",
    "AWS_SESSION_TOKEN": "token/very+secret",
  ]

  init() {
    site.write("body { background: url(img/a.png) }", to: "source/css/app.css")
    site.write("png", to: "source/css/img/a.png")
    site.write(String(repeating: "let x = 1;\n", count: 500), to: "source/js/app.js")
    for name in ["with space", "a+b", "100%", "é/日本語", "!'()*=&$@,;:"] {
      site.write("odd \(name)", to: "source/odd/\(name).txt")
    }
    collect()
  }

  private func collect() {
    let result = Command.staticd(
      "collect",
      site.path("source"),
      "--root",
      site.path("root"),
      "--no-cache",
      "--quiet"
    )
    precondition(result.status == 0, result.errors)
  }

  private func publish(_ endpoint: String, _ arguments: String...) -> CommandResult {
    Command.run(
      [Command.staticd, "publish", "s3://bucket/static", "--endpoint", endpoint, "--root"]
        + [site.path("root"), "--report", site.path("report.json")] + arguments,
      environment: Self.variables
    )
  }

  private func counts() throws -> [String: Int] {
    let data = Data(site.read("report.json") ?? [])
    let report = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return report?["counts"] as? [String: Int] ?? [:]
  }

  @Test("moto has every object with all fields, and the number of requests is as promised")
  func moto() throws {
    let python = try Command.fixture("stores/bin/python")
    let script = Command.resource("Store/read_back.py")
    let moto = try Moto(python)
    for layout in ["identity", "suffixes", "br"] {
      moto.reset()
      let first = publish(moto.endpoint, "--layout", layout)
      #expect(first.status == 0, "\(first.errors)")
      let counts = try counts()
      #expect(counts["requests"]! <= counts["sent"]! + 4 && counts["retries"] == 0)
      let read = Command.run(
        [python, script, moto.endpoint, site.path("root"), layout],
        environment: Self.variables
      )
      #expect(read.status == 0, "\(read.output)\(read.errors)")
      #expect(publish(moto.endpoint, "--layout", layout).status == 0)
      #expect(try self.counts()["requests"]! <= 4)
      #expect(try self.counts()["sent"] == 0)
    }
    site.write("changed", to: "source/js/app.js")
    collect()
    #expect(publish(moto.endpoint, "--layout", "br", "--max-age", "5").status == 0)
    #expect(try counts()["sent"] == 4)
    #expect(try counts()["updated"] == 7)
  }

  @Test("output, report and exit codes")
  func output() throws {
    let store = MemoryStore()
    let dry = publish(store.endpoint, "--dry-run")
    #expect(dry.status == 0 && dry.output.contains("Pretending to send 'css/app.css'\n"))
    #expect(dry.output.hasSuffix("Nothing was written: this was a dry run.\n"))
    #expect(try store.objects().isEmpty)
    let first = publish(store.endpoint)
    #expect(first.status == 0 && first.errors.isEmpty)
    #expect(first.output.hasPrefix("18 objects ("), "\(first.output)")
    #expect(first.output.contains("sent to 's3://bucket/static', 0 unchanged.\n"))
    #expect(publish(store.endpoint, "--quiet").output.isEmpty)
    let header = publish(store.endpoint, "--header", "*: X-Frame-Options: DENY", "--verbose")
    #expect(header.status == 0)
    #expect(header.errors.contains("X-Frame-Options is left out"), "\(header.errors)")
    let rows: [([String], Int32, String)] = [
      ([], 2, "name the place"), (["assets"], 2, "give s3://BUCKET/PREFIX"),
      (["s3://bucket"], 2, "--root DIR is missing"),
      (["s3://bucket", "--root", site.path("source")], 2, "'staticd collect' writes it"),
      (["s3://bucket", "--root", "x", "--layout", "zstd"], 2, "identity"),
      (["s3://bucket", "--root", "x", "--endpoint", "https://a:b@c"], 2, "credentials are never"),
      (["s3://bucket", "--root", "x", "--header", "x"], 2, "GLOB: Field: value"),
      (["s3://a", "s3://b", "--root", "x"], 2, "Unexpected argument"),
    ]
    for (arguments, status, text) in rows {
      let result = Command.run(
        [Command.staticd, "publish"] + arguments,
        environment: Self.variables
      )
      #expect(
        result.status == status && result.errors.contains(text),
        "\(arguments) \(result.errors)"
      )
    }
    try store.setFaults(["kind": "status", "status": 404, "code": "NoSuchBucket"])
    let missing = publish(store.endpoint)
    #expect(missing.status == 2 && missing.errors.contains("make the bucket first"))
    try store.setFaults(["kind": "status", "status": 403, "code": "AccessDenied"])
    let denied = publish(store.endpoint)
    #expect(denied.status == 3 && denied.errors.contains("s3:ListBucket"), "\(denied.errors)")
    let report = try JSONSerialization.jsonObject(with: Data(site.read("report.json")!))
    let failure = (report as? [String: Any])?["failure"] as? String
    #expect(failure?.contains("AccessDenied") == true)
    site.write("edited", to: "root/js/app.js")
    try store.setFaults()
    let store2 = MemoryStore()
    let edited = publish(store2.endpoint)
    #expect(edited.status == 1 && edited.errors.contains("js/app.js"), "\(edited.errors)")
  }

  @Test("no secret appears in the list of processes, in output, reports or messages")
  func secrets() throws {
    let store = MemoryStore()
    try store.setFaults(["method": "PUT", "kind": "hold", "times": 1])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = [
      "publish", "s3://bucket/static", "--endpoint", store.endpoint, "--root", site.path("root"),
      "--report", site.path("report.json"), "--verbose",
    ]
    process.environment = Command.inherited.merging(Self.variables) { $1 }
    process.standardOutput = FileHandle(forWritingAtPath: site.write("", to: "output"))
    process.standardError = FileHandle(forWritingAtPath: site.write("", to: "errors"))
    try process.start()
    let isHeld = try eventually { try store.heldCount() == 1 }
    #expect(isHeld)
    let line = try String(
      contentsOfFile: "/proc/\(process.processIdentifier)/cmdline",
      encoding: .utf8
    )
    try store.release()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    try store.setFaults(["kind": "status", "status": 403, "code": "SignatureDoesNotMatch"])
    let failed = publish(store.endpoint)
    #expect(failed.status == 2)
    let texts = [
      line, site.text("output")!, site.text("errors")!, site.text("report.json")!, failed.output,
      failed.errors,
    ]
    for text in texts { #expect(!text.contains("very+secret"), "\(text)") }
  }
}

/// A running moto, with a bucket.
private final class Moto {
  let endpoint: String
  private let process = Process()
  private let python: String

  init(_ python: String) throws {
    self.python = python
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [Command.resource("Store/start_moto.py")]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.start()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      precondition(!byte.isEmpty, "moto did not start")
      line += byte
    }
    endpoint = "http://127.0.0.1:\(String(decoding: line.dropLast(), as: UTF8.self))"
  }

  deinit {
    // A child inherits the blocked signals of the thread that starts it; SIGKILL cannot be blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Deletes everything, and creates the bucket.
  func reset() {
    let port = UInt16(endpoint.split(separator: ":").last!)!
    let client = HTTPClient(port: port)
    _ = client.get("/moto-api/reset", "Content-Length: 0", method: "POST")
    let authorization =
      "Authorization: AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request"
    _ = HTTPClient(port: port).get("/bucket", "Content-Length: 0", authorization, method: "PUT")
  }
}
