import CropEngine
import Foundation
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("Lines of the control socket") struct ControlRequestTests {
    /// A line, and what is answered.
    struct Row: CustomTestStringConvertible {
      let line: String
      let answer: String

      init(_ line: String, _ answer: String) {
        self.line = line
        self.answer = answer
      }

      /// The id is null.
      init(_ line: String, refused word: String) {
        self.init(line, #"{"error":"TypeError","id":null,"message":"\#(word)"#)
      }

      var testDescription: String { line }
    }

    @Test(
      "Each request gets the answer that is its own, under its id",
      arguments: [
        Row(#"{"id":7,"op":"cropTo"}"#, #"{"firstSeq":10,"id":7,"ok":true,"version":1}"#),
        Row(
          #"{"id":"a","op":"cropTo","target":null}"#,
          #"{"firstSeq":10,"id":"a","ok":true,"version":1}"#),
        Row(
          #"{"id":1.5,"op":"restrictTo","target":""}"#,
          #"{"firstSeq":10,"id":1.5,"ok":true,"version":1}"#),
        Row(#"{"id":-0.1,"op":"pause"}"#, #"{"id":-0.1,"ok":true,"seq":5}"#),
        Row(#"{"id":12345678901234567890,"op":"pause"}"#, #"{"id":12345678901234567890,"ok":true"#),
        Row(
          #"{"id":"\u0000\u001b\n\u202e\ud83d\ude00/","op":"pause"}"#,
          #"{"id":"\u0000\u001b\n\u202e😀/","ok":true,"seq":5}"#),
        Row(#"{"id":"","op":"resume"}"#, #"{"id":"","ok":true,"seq":6}"#),
        Row("\t{ \"id\" : 1 , \"op\" : \"refresh\" }\r", #"{"id":1,"ok":true,"seq":7}"#),
        Row(
          #"{"op":"state","id":1,"more":[{"a":[1]}],"clone":null}"#,
          #"{"canvas":{"height":80,"width":100},"clones":[1,2],"eligible":true,"id":1,"#
            + #""kind":"crop","locked":false,"ok":true,"reason":"empty","rect":null,"seq":118,"#
            + #""status":"muted","surface":{"height":300,"width":400},"version":3}"#),
        Row(
          #"{"id":1,"op":"capabilities"}"#,
          #"{"composite":false,"cropTo":true,"cursor":true,"damage":false,"id":1,"ok":true,"#
            + #""randr":true,"restrictTo":false,"shape":true,"shm":true,"splice":true}"#),
        Row(#"{"id":1,"op":"clone","output":"x"}"#, #"{"clone":1,"id":1,"ok":true}"#),
        Row(#"{"id":1,"op":"subscribe"}"#, #"{"id":1,"ok":true}"#),
        Row(
          #"{"id":8,"op":"lock"}"#,
          #"{"error":"InvalidStateError","id":8,"message":"the session: its target?is locked","#
            + #""ok":false}"#),
      ])
    func answers(_ row: Row) throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      try client.send(line: row.line)
      #expect(try client.nextLine()?.hasPrefix(row.answer) == true)
      // It is one line, and JSON.
      #expect(client.isSilent(for: 0))
      session.end()
    }

    @Test("What is no request is TypeError, and the connection lives on")
    func malformed() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let rows = [
        Row("", refused: "request: it is no JSON"),
        Row("banana", refused: "request: it is no JSON"),
        Row(#"{"id":1,"op":"state""#, refused: "request: it is no JSON"),
        Row(#"{"id":1,"op":"state"} {}"#, refused: "request: it is no JSON"),
        Row(#"{"id":1,'op':"state"}"#, refused: "request: it is no JSON"),
        Row(#"{"id":"\ud800","op":"state"}"#, refused: ""),
        Row("{\"id\":1\0,\"op\":\"state\"}", refused: "request: it is not UTF-8"),
        Row("[]", refused: "request: it is no JSON object"),
        Row("7", refused: "request: it is no JSON object"),
        Row("null", refused: "request: it is no JSON object"),
        Row(#""state""#, refused: "request: it is no JSON object"),
        Row("{}", refused: "id: it is missing"),
        Row(#"{"op":"state"}"#, refused: "id: it is missing"),
        Row(#"{"id":null,"op":"state"}"#, refused: "id: it is missing"),
        Row(#"{"id":true,"op":"state"}"#, refused: "id: expected a number or a string"),
        Row(#"{"id":[1],"op":"state"}"#, refused: "id: expected a number or a string"),
        Row(#"{"id":1e999,"op":"state"}"#, refused: ""),
        Row(String(repeating: "[", count: 65_536), refused: "request: it is no JSON"),
        Row(String(repeating: #"{"a":"#, count: 13_107), refused: "request: it is no JSON"),
        Row(
          #"{"id":1,"op":"state","a":"# + String(repeating: "[", count: 30_000)
            + String(repeating: "]", count: 30_000) + "}", refused: "request: it is no JSON"),
      ]
      for row in rows {
        try client.send(line: row.line)
        let line = try #require(try client.nextLine())
        #expect(line.hasPrefix(row.answer), "\(row.line.prefix(80)) -> \(line)")
        #expect(line.hasSuffix(#","ok":false}"#))
      }
      #expect(try client.call("pause").seq == 5)
      #expect(session.seen.count == 1)
    }

    @Test(
      "Bytes that are not UTF-8 are TypeError",
      arguments: [
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe2, 0x82],
      ] as [[UInt8]])
    func notUTF8(_ bytes: [UInt8]) throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      try client.send(Array(#"{"op":"state","id":""#.utf8) + bytes + Array("\"}\n".utf8))
      #expect(
        try client.nextLine()
          == #"{"error":"TypeError","id":null,"message":"request: it is not UTF-8","ok":false}"#)
      #expect(try client.call("pause").ok)
      session.end()
    }

    @Test(
      "An argument that cannot be is an error of the request, which names it",
      arguments: [
        (#""op":"banana""#, "TypeError", "op: 'banana' is unknown: expected one of cropTo, "),
        (#""op":"crop-to""#, "TypeError", "op: 'crop-to' is unknown"),
        (#""op":null"#, "TypeError", "op: it is missing: expected one of cropTo, "),
        (#""op":7"#, "TypeError", "op: expected a string"),
        (#""target":"child""#, "TypeError", "op: it is missing"),
        (#""op":"cropTo","target":7"#, "TypeError", "target: expected a string"),
        (#""op":"cropTo","target":{}"#, "TypeError", "target: expected a string"),
        (#""op":"cropTo","target":"banana""#, "TypeError", "target: 'banana' names no window"),
        (#""op":"cropTo","target":"child:0""#, "TypeError", "target: 'child:0'"),
        (#""op":"cropTo","target":"name:x\u0000""#, "TypeError", "target: it has a character 0"),
        (#""op":"cropTo","target":"pick""#, "TypeError", "target: 'pick': a request asks nobody"),
        (#""op":"cropTo","target":"pick:child""#, "TypeError", "target: 'pick:child'"),
        // C6
        (#""op":"cropTo","target":"3f0c-x""#, "UnknownError", "target: '3f0c-x' is a malformed"),
        (#""op":"restrictTo","target":"0x0+1+1""#, "OverconstrainedError", "target: '0x0+1+1'"),
        (#""op":"state","clone":"1""#, "TypeError", "clone: expected the number of a clone"),
        (#""op":"state","clone":-1"#, "TypeError", "clone: -1 is below 0"),
        (#""op":"state","clone":0.5"#, "TypeError", "clone: expected the number of a clone"),
        (#""op":"mint","target":"child""#, "TypeError", "kind: expected crop or restrict"),
        (#""op":"mint","kind":"x","target":"child""#, "TypeError", "kind: expected crop or"),
        (#""op":"mint","kind":"crop""#, "TypeError", "target: it is missing"),
        (#""op":"mint","kind":"crop","target":"""#, "TypeError", "target: it is missing"),
        // B3
        (
          #""op":"mint","kind":"crop","target":"child","forStorage":true"#, "DataCloneError",
          "mint: a token is not to be stored"
        ),
        (#""op":"mint","kind":"crop","forStorage":1"#, "TypeError", "forStorage: expected true"),
        (#""op":"subscribe","frames":"all""#, "TypeError", "frames: expected true or false"),
        (#""op":"clone""#, "TypeError", "output: it is missing"),
        (#""op":"clone","output":"""#, "TypeError", "output: it is missing"),
        (#""op":"clone","output":7"#, "TypeError", "output: expected a string"),
        (#""op":"clone","output":"x","size":[1,2]"#, "TypeError", "size: expected a string"),
      ])
    func arguments(_ members: String, _ error: String, _ message: String) throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      try client.send(line: #"{"id":"x",\#(members)}"#)
      let answer = try ControlReading(try #require(try client.nextLine()))
      #expect(answer.members["id"] as? String == "x")
      #expect(!answer.ok && answer.error == error)
      #expect(answer.message?.hasPrefix(message) == true, "\(answer.text)")
      #expect(session.seen.isEmpty)
    }

    @Test("Arguments arrive as they were meant")
    func meaning() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      _ = try client.call("mint", ["kind": "restrict", "target": "child:2", "forStorage": false])
      _ = try client.call(
        "clone",
        [
          "output": "a b.y4m", "pixFmt": "gray", "framerate": 29.97, "frames": 30,
          "startPaused": true, "progress": false, "colorRange": NSNull(), "clone": 4,
        ])
      _ = try client.call("state", ["clone": 3])
      _ = try client.call("subscribe", ["frames": true])
      _ = try client.call("subscribe", ["frames": NSNull()])
      let expected: [ControlledSession.Seen] = [
        .init(operation: .mint(.restrict, .child(.position(2))), clone: 0),
        .init(
          operation: .clone([
            "output": "a b.y4m", "pix-fmt": "gray", "framerate": "29.97", "frames": "30",
            "start-paused": nil,
          ]), clone: 4),
        .init(operation: .state, clone: 3),
        .init(operation: .subscribe(frames: true), clone: 0),
        .init(operation: .subscribe(frames: false), clone: 0),
      ]
      #expect(session.seen == expected)
    }

    @Test("A line of 64 KiB is read; one of a byte more is answered once and skipped")
    func longLines() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let frame = #"{"id":1,"op":"pause","x":""}"#
      func line(_ length: Int) -> String {
        frame.dropLast(2) + String(repeating: "y", count: length - frame.utf8.count) + #""}"#
      }
      let tooLong =
        #"{"error":"TypeError","id":null,"message":"request: it is longer than the 65536 bytes "#
        + #"of a line","ok":false}"#
      for (length, isTaken) in [(65_535, true), (65_536, true), (65_537, false), (1 << 20, false)] {
        try client.send(line: line(length))
        try client.send(line: #"{"id":2,"op":"resume"}"#)
        let answer = isTaken ? #"{"id":1,"ok":true,"seq":5}"# : tooLong
        #expect(try client.nextLine() == answer, "\(length)")
        #expect(try client.nextLine() == #"{"id":2,"ok":true,"seq":6}"#, "\(length)")
      }
      // It is said before the line is whole.
      try client.send(line(1 << 20).utf8)
      #expect(try client.nextLine() == tooLong)
      try client.send(line: "")
      #expect(try client.call("pause").seq == 5)
      #expect(session.seen.count == 7)
    }

    @Test("A request may come in pieces; half of one at the end is dropped")
    func pieces() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      for byte in #"{"id":1,"op":"pause"}"#.utf8 { try client.send([byte]) }
      #expect(client.isSilent(for: 0.05))
      try client.send(Array("\n".utf8) + Array(#"{"id":2,"op":"stop"}"#.utf8))
      #expect(try client.nextLine() == #"{"id":1,"ok":true,"seq":5}"#)
      client.closeWriting()
      #expect(try client.nextLine() == nil)
      #expect(session.seen == [.init(operation: .pause, clone: 0)])
      #expect(!session.hasEnded)
    }
  }
}
