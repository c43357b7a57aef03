internal import CExpat

/// An element of an XML document from a store, without attributes and mixed content.
struct XMLElement: Equatable, Sendable {
  /// Without a prefix.
  let name: String
  /// Its own text, without that of its children.
  fileprivate(set) var text = ""
  fileprivate(set) var children: [XMLElement] = []

  /// The deepest nesting that is read.
  static let depthMax = 16

  /// The root of the document `bytes`; nil if it is malformed, or has a document type, which stores
  /// do not send and which could declare entities.
  static func parse(_ bytes: [UInt8]) -> XMLElement? {
    guard bytes.count <= Int32.max, let parser = unsafe XML_ParserCreate("UTF-8") else {
      return nil
    }
    defer { unsafe XML_ParserFree(parser) }
    let builder = unsafe ElementBuilder(parser)
    // Keep the builder alive until the parser has returned.
    return withExtendedLifetime(builder) {
      unsafe XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
      unsafe XML_SetElementHandler(
        parser,
        { user, name, _ in
          guard let builder = unsafe ElementBuilder.of(user), let name = unsafe name else { return }
          unsafe builder.begin(String(cString: name))
        },
        { user, _ in unsafe ElementBuilder.of(user)?.end() }
      )
      unsafe XML_SetCharacterDataHandler(parser) { user, start, count in
        guard let builder = unsafe ElementBuilder.of(user), let start = unsafe start else { return }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(count))
        unsafe builder.add(bytes.map { UInt8(bitPattern: $0) })
      }
      unsafe XML_SetStartDoctypeDeclHandler(parser) { user, _, _, _, _ in
        unsafe ElementBuilder.of(user)?.refuse()
      }
      let status = unsafe bytes.withUnsafeBytes { buffer in
        let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        return unsafe XML_Parse(parser, start, Int32(bytes.count), 1)
      }
      return status == XML_STATUS_OK ? builder.root : nil
    }
  }

  /// The first child of this name.
  func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The text of the first child of this name.
  func text(of name: String) -> String? { child(name)?.text }

  /// All children of this name.
  func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// Builds elements from the events of the parser; does not outlive the parser.
@safe private final class ElementBuilder {
  private(set) var root: XMLElement?
  private var open: [XMLElement] = []
  private var text: [[UInt8]] = []
  private let parser: XML_Parser

  init(_ parser: XML_Parser) {
    unsafe self.parser = unsafe parser
  }

  static func of(_ user: UnsafeMutableRawPointer?) -> ElementBuilder? {
    unsafe user.map { unsafe Unmanaged<ElementBuilder>.fromOpaque($0).takeUnretainedValue() }
  }

  func begin(_ name: String) {
    guard open.count < XMLElement.depthMax else { return refuse() }
    let local = name.split(separator: ":").last.map(String.init) ?? name
    open.append(XMLElement(name: local))
    text.append([])
  }

  func add(_ bytes: [UInt8]) {
    guard !text.isEmpty else { return }
    text[text.count - 1] += bytes
  }

  func end() {
    guard var element = open.popLast(), let bytes = text.popLast() else { return }
    element.text = String(decoding: bytes, as: UTF8.self)
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  /// Makes the parser stop with an error.
  func refuse() { _ = unsafe XML_StopParser(parser, XML_Bool(XML_FALSE)) }
}
