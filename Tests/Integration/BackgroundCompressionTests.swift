import Foundation
import TestSupport
import Testing

/// Text in public directories without stored codings.
///
/// Goal: it is sent compressed once compression is done, never with the coding of another content,
/// and all else is unchanged.
@Suite struct BackgroundCompressionTests {
  private let site = TemporaryDirectory()
  private let text = String(repeating: "body { color: red } /* again and again */\n", count: 200)

  private func serve(_ more: String...) -> RunningServer {
    RunningServer(
      ["--public", site.path("public"), "--cache", site.path("cache"), "--workers", "1"] + more
    )
  }

  private func coding(_ path: String, _ accepted: String, _ port: UInt16) -> HTTPResponse? {
    HTTPClient(port: port).get(path, "Accept-Encoding: \(accepted)")
  }

  private func decode(_ answer: HTTPResponse?, _ coding: String) -> String? {
    guard let answer, answer["Content-Encoding"] == coding else { return nil }
    site.write(answer.body, to: "coded")
    let program = coding == "br" ? "brotli -dc" : "gzip -dc"
    return Command.run(["sh", "-c", "\(program) < '\(site.path("coded"))'"]).output
  }

  @Test("a coding appears and has the file's content; other files stay as they are")
  func appears() throws {
    site.write(text, to: "public/app.css")
    site.write(String(text.prefix(150)), to: "public/small.css")
    site.write(text, to: "public/picture.png")
    site.write((0..<5000).map { _ in UInt8.random(in: 32...126) }, to: "public/random.txt")
    site.write(text, to: "public/stored.css")
    site.write("stored", to: "public/stored.css.br")
    let server = serve()
    let before = try #require(coding("/app.css", "identity", server.port))
    #expect(eventually { coding("/app.css", "br", server.port)?["Content-Encoding"] == "br" })
    let brotli = try #require(coding("/app.css", "br", server.port))
    #expect(decode(brotli, "br") == text)
    let gzip = try #require(coding("/app.css", "gzip", server.port))
    #expect(decode(gzip, "gzip") == text)
    let identity = try #require(coding("/app.css", "identity", server.port))
    #expect(identity.text == text && identity["Vary"] == "Accept-Encoding")
    #expect(identity["ETag"] == before["ETag"])
    #expect(Set([identity, brotli, gzip].map { $0["ETag"] }).count == 3)
    for name in ["small.css", "picture.png"] {
      let answer = try #require(coding("/\(name)", "br, gzip", server.port))
      #expect(answer["Content-Encoding"] == nil && answer["Vary"] == nil, "\(name)")
    }
    #expect(coding("/stored.css", "br", server.port)?.text == "stored")
    #expect(coding("/stored.css", "gzip", server.port)?["Content-Encoding"] == nil)
    // Nothing is written beside the files, and the same bytes come from the cache.
    #expect(site.files(below: "public").count == 6)
    #expect(!site.files(below: "cache").isEmpty)
    let again = serve()
    #expect(eventually { coding("/app.css", "br", again.port)?.body == brotli.body })
  }

  @Test("a changed file never has the coding of its old content")
  func changed() throws {
    site.write(text, to: "public/app.css")
    let server = serve()
    #expect(eventually { coding("/app.css", "br", server.port)?["Content-Encoding"] == "br" })
    let other = text.replacingOccurrences(of: "red", with: "tan")
    site.write(other, to: "public/app.css")
    // Until SIGHUP the old file is served, in every coding.
    #expect(decode(coding("/app.css", "br", server.port), "br") == text)
    server.send(SIGHUP)
    #expect(eventually { coding("/app.css", "identity", server.port)?.text == other })
    var answers: [HTTPResponse] = []
    let isCoded = eventually {
      guard let answer = coding("/app.css", "br", server.port) else { return false }
      answers.append(answer)
      return answer["Content-Encoding"] == "br"
    }
    #expect(isCoded)
    #expect(answers.dropLast().allSatisfy { $0.text == other })
    #expect(decode(answers.last, "br") == other)
  }

  @Test("--no-compress sends text uncompressed, and live files are never compressed")
  func off() throws {
    site.write(text, to: "public/app.css")
    site.write(text, to: "media/app.css")
    let server = serve("--no-compress", "--live", "/media/=\(site.path("media"))")
    let compressing = serve("--live", "/media/=\(site.path("media"))")
    #expect(eventually { coding("/app.css", "br", compressing.port)?["Content-Encoding"] == "br" })
    #expect(coding("/media/app.css", "br", compressing.port)?["Content-Encoding"] == nil)
    #expect(coding("/app.css", "br", server.port)?["Content-Encoding"] == nil)
  }

  @Test("a cache that cannot be written is not used")
  func noCache() throws {
    site.write(text, to: "public/app.css")
    site.write("", to: "cache")
    let server = serve()
    #expect(eventually { coding("/app.css", "br", server.port)?["Content-Encoding"] == "br" })
  }

  @Test("compression runs in a thread with the idle scheduling policy")
  func idle() throws {
    for number in 0..<40 {
      let words = (0..<20_000).map { "\($0 &* (number + 7) % 977) " }.joined()
      site.write(words, to: "public/\(number).txt")
    }
    let server = serve()
    // Field 41 of /proc/PID/stat is the policy; SCHED_IDLE is 5.
    #expect(
      eventually {
        let tasks = "/proc/\(server.pid)/task"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return names.contains { name in
          let name = "\(tasks)/\(name)"
          let comm = (try? String(contentsOfFile: "\(name)/comm", encoding: .utf8)) ?? ""
          let stat = (try? String(contentsOfFile: "\(name)/stat", encoding: .utf8)) ?? ""
          let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
          return comm.hasPrefix("staticd-encoder") && fields.count > 38 && fields[38] == "5"
        }
      }
    )
  }
}
