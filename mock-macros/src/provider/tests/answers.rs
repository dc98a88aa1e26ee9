use super::*;

#[test]
fn what_actions_take() {
    wrong(
        "«hang»().reply(\"x\").times(0), hang(«5»), «gate»().reply(\"x\"), gate(«5»).reply(\"x\"), driven(\"a\", «\"b\"»), «json»(), respond_with(«answer»), respond_with(«async» |_| x), stream([«2»])",
        &[],
    );
}
