%% Runs the commands of a benchmark, one command a line:
%%
%%   restart COUNT CHILDREN GAP_MS NAMED(0|1) EACH   p50 and p99 in ns, ns in all
%%   start KIND HOW_TO_END WARM_UP COUNT OUTSTANDING ns a start, bytes a child, ns of the end
%%   call COUNT DEADLINE_MS(0: none)                 ns a call
%%   cast COUNT WINDOW                               ns a cast
%%   read ets|lookup|whereis NAMES READERS READS     ns a read, renewals a second
%%   register COUNT CLIENTS                          ns a register and an unregister
%%   many ets|registry COUNT                         bytes a name
%%   longest_write ets|registry COUNT                the longest and p99.99 in ns
%%
%% Answers with `ok FIGURE...` or `error TEXT`. Ends when stdin is closed, even during a command.
-module(otp_peer).
-export([start/0]).

start() ->
    %% OTP would format and print reports of killed children. ottla runs without an observer.
    logger:set_primary_config(level, none),
    {ok, _} = application:ensure_all_started(elixir),
    ok = io:setopts([{binary, false}]), % Elixir sets binary to true
    spawn(fun() ->
        Server = self(),
        spawn_link(fun() -> read_lines(Server) end),
        serve()
    end).

read_lines(Server) ->
    case io:get_line("") of
        Line when is_list(Line) ->
            Server ! {line, string:lexemes(string:trim(Line), " ")},
            read_lines(Server);
        _ ->
            erlang:halt(0, [{flush, false}])
    end.

serve() ->
    receive
        {line, Words} ->
            io:format("~ts~n", [answer(Words)]),
            serve()
    end.

%% Runs each command in a new process, which has a fresh heap and an empty mailbox.
answer(Words) ->
    {_, Monitor} = spawn_monitor(fun() -> exit({figures, run(Words)}) end),
    receive
        {'DOWN', Monitor, process, _, {figures, Figures}} ->
            lists:join(" ", ["ok" | [integer_to_list(round(One)) || One <- Figures]]);
        {'DOWN', Monitor, process, _, Reason} ->
            ["error ", string:replace(io_lib:format("~0p", [Reason]), "\n", " ", all)]
    end.

run(["restart" | Numbers]) ->
    [Count, Children, Gap, Named, Each] = integers(Numbers),
    restarts:run(Count, Children, Gap, Named =:= 1, Each);
run(["start", Kind, End | Numbers]) ->
    [WarmUp, Count, Outstanding] = integers(Numbers),
    starts:run(list_to_existing_atom(Kind), list_to_existing_atom(End), WarmUp, Count, Outstanding);
run(["call" | Numbers]) ->
    [Count, Deadline] = integers(Numbers),
    calls:call(Count, Deadline);
run(["cast" | Numbers]) ->
    [Count, Window] = integers(Numbers),
    calls:cast(Count, Window);
run(["read", Kind | Numbers]) ->
    [Names, Readers, Reads] = integers(Numbers),
    names:read(list_to_existing_atom(Kind), Names, Readers, Reads);
run(["register" | Numbers]) ->
    [Count, Clients] = integers(Numbers),
    names:take_and_give_back(Count, Clients);
run(["many", Kind, Count]) ->
    names:many(list_to_existing_atom(Kind), list_to_integer(Count));
run(["longest_write", Kind, Count]) ->
    names:longest_write(list_to_existing_atom(Kind), list_to_integer(Count)).

integers(Words) -> [list_to_integer(Word) || Word <- Words].
