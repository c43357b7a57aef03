import Foundation
import TestSupport
import Testing

/// The real binary and the real `curl`: compressed and resumed downloads, byte for byte.
@Suite struct CurlTests {
  private let root = TemporaryDirectory()
  private let target = TemporaryDirectory()

  private func serveAdmin() throws -> RunningServer {
    let admin = try Command.fixture("wheels/django/contrib/admin/static")
    let result = Command.staticd("collect", admin, "--root", root.path)
    #expect(result.status == 0, "\(result.errors)")
    return RunningServer("--root", root.path)
  }

  @Test(
    "--compressed gives every file of the admin as collected",
    arguments: [
      ("br", ".br"), ("gzip", ".gz"), ("deflate, gzip, br, zstd", ".br"), ("identity", nil),
    ]
  )
  func compressed(accepted: String, suffix: String?) throws {
    let server = try serveAdmin()
    let names = root.files().filter {
      !$0.hasSuffix(".br") && !$0.hasSuffix(".gz") && $0 != "staticfiles.json"
        && $0 != "staticd.json"
    }
    let lines = names.map {
      "url = \"\(url($0, server))\"\noutput = \"\(target.path($0))\"\n"
    }
    let list = target.write(lines.joined(), to: "list")
    let result = Command.run([
      "curl", "--silent", "--show-error", "--fail", "--create-dirs", "--compressed",
      "--header", "Accept-Encoding: \(accepted)", "--config", list,
      "--write-out", "%header{content-encoding}\n",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(names.count == 260)
    for name in names { #expect(target.read(name) == root.read(name), "\(name)") }
    let variants = root.files().filter { suffix.map($0.hasSuffix) == true }
    #expect(result.output.split(separator: "\n").count == variants.count)
  }

  @Test(
    "-C - resumes a representation in any coding; with If-Range only the same one",
    arguments: ["", "br", "gzip"]
  )
  func resumed(coding: String) throws {
    let server = try serveAdmin()
    let name = "admin/css/base.css"
    let suffix = ["br": ".br", "gzip": ".gz"][coding] ?? ""
    let whole = try #require(root.read(name + suffix))
    let client = HTTPClient(port: server.port)
    let response = try #require(client.get("/static/\(name)", "Accept-Encoding: \(coding)"))
    let tag = try #require(response["ETag"])
    func resume(after count: Int, _ condition: String) -> Int32 {
      let file = target.write(whole.prefix(count), to: "part")
      return Command.run([
        "curl", "--silent", "--fail", "-C", "-", "--output", file,
        "--header", "Accept-Encoding: \(coding)", "--header", "If-Range: \(condition)",
        url(name, server),
      ]).status
    }
    for count in [0, 1, whole.count / 2, whole.count - 1] {
      #expect(resume(after: count, tag) == 0)
      #expect(target.read("part") == whole)
    }
    // Another representation is sent whole, which curl refuses to append: exit code 33.
    let others = ["\"other\"", tag.dropLast() + "x\"", "Mon, 01 Jan 2001 00:00:00 GMT"]
    for other in others {
      #expect(resume(after: 100, String(other)) == 33)
      #expect(target.read("part") == Array(whole.prefix(100)))
    }
  }

  private func url(_ name: String, _ server: RunningServer) -> String {
    "http://127.0.0.1:\(server.port)/static/\(name)"
  }
}
